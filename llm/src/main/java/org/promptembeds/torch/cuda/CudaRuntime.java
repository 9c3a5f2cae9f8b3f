package org.promptembeds.torch.cuda;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The libraries that own kernels need, loaded and bound once, with the operators registered.
 *
 * @param namespace under which TorchScript finds the operators
 */
record CudaRuntime(KernelCompiler compiler, KernelCache cache, String namespace) {
  /** Either the runtime or why there is none. */
  record Attempt(Optional<CudaRuntime> runtime, String problem) {}

  private static final class Holder {
    static final Attempt ATTEMPT = attempt();
  }

  /** Loads everything at the first call; the outcome stays. PyTorch must be loaded before. */
  static Attempt once() {
    return Holder.ATTEMPT;
  }

  private static Attempt attempt() {
    try {
      return new Attempt(Optional.of(load()), "");
    } catch (CudaException | LinkageError e) {
      return new Attempt(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private static CudaRuntime load() {
    MappedLibraries libraries = MappedLibraries.now();
    TorchC.bind(mapped(libraries, "libtorch_cpu.so"));
    TorchCudaC.bind(mapped(libraries, "libtorch_cuda.so"));
    CudaDriver.start();
    List<Path> nvrtc = libraries.nvrtc();
    if (nvrtc.isEmpty()) {
      throw new CudaException("NVRTC (libnvrtc) lies neither beside PyTorch nor in its package");
    }

    KernelCompiler compiler = KernelCompiler.load(nvrtc);
    return new CudaRuntime(
        compiler, KernelCache.ofUser(), OperatorLibrary.register("CUDA", operators()));
  }

  static List<Operator> operators() {
    return List.of(
        new DecodeAttention(),
        new PromptAttention(),
        new Norm(),
        new RotateAndStore(),
        new GatedActivation(),
        new ArgMax(),
        new Sample());
  }

  private static String mapped(MappedLibraries libraries, String name) {
    return libraries
        .find(name)
        .orElseThrow(() -> new CudaException("PyTorch has not loaded " + name))
        .toString();
  }
}
