package org.promptembeds.torch.cuda;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One GPU: its context, the kernels that are loaded on it, and a workspace for each stream, in
 * which the blocks of a kernel leave what the last of them merges.
 */
final class Gpu {
  private static final Map<Integer, Gpu> GPUS = new ConcurrentHashMap<>();

  private final int ordinal;
  private final int capability;
  private final int multiprocessors;
  private final long context;
  private final Map<KernelVariant, KernelModule> modules = new ConcurrentHashMap<>();
  private final Map<Long, Workspace> workspaces = new ConcurrentHashMap<>();

  private Gpu(int ordinal) {
    this.ordinal = ordinal;
    int device = CudaDriver.device(ordinal);
    this.capability = CudaDriver.capability(device);
    this.multiprocessors = CudaDriver.multiprocessors(device);
    this.context = CudaDriver.primaryContext(device);
  }

  /** The GPU with this number, as PyTorch counts. */
  static Gpu of(int ordinal) {
    Gpu gpu = GPUS.get(ordinal);
    return gpu != null ? gpu : GPUS.computeIfAbsent(ordinal, Gpu::new);
  }

  int ordinal() {
    return ordinal;
  }

  int capability() {
    return capability;
  }

  int multiprocessors() {
    return multiprocessors;
  }

  void makeCurrent() {
    CudaDriver.makeCurrent(context);
  }

  /** Compiles and loads kernels, unless they are there. */
  synchronized void load(KernelVariant variant, KernelCompiler compiler, KernelCache cache) {
    if (!modules.containsKey(variant)) {
      makeCurrent();
      modules.put(variant, module(variant, compiler, cache));
    }
  }

  /** A file of the cache that the driver refuses is compiled again. */
  private KernelModule module(KernelVariant variant, KernelCompiler compiler, KernelCache cache) {
    String source = KernelSource.text();
    List<String> options = variant.compilerOptions(capability);
    Supplier<byte[]> compile = () -> compiler.compile(source, options);
    try {
      return new KernelModule(cache.code(compiler.version(), source, options, compile));
    } catch (CudaException e) {
      return new KernelModule(cache.compiled(compiler.version(), source, options, compile));
    }
  }

  /** The kernels for heads of this kind. */
  KernelModule module(KernelVariant variant) {
    KernelModule module = modules.get(variant);
    if (module == null) {
      throw new CudaException("no kernels of %s are loaded on GPU %d".formatted(variant, ordinal));
    }

    return module;
  }

  /** Kernels that do not depend on heads. */
  KernelModule module(int dtype) {
    for (Map.Entry<KernelVariant, KernelModule> entry : modules.entrySet()) {
      if (entry.getKey().dtype() == dtype) {
        return entry.getValue();
      }
    }

    throw new CudaException("no kernels of type %d are loaded on GPU %d".formatted(dtype, ordinal));
  }

  /** Kernels that do not depend on the type of activations either. */
  KernelModule anyModule() {
    return modules.values().stream()
        .findFirst()
        .orElseThrow(() -> new CudaException("no kernels are loaded on GPU " + ordinal));
  }

  /** The stream that PyTorch uses on this thread, with this GPU's context current. */
  long currentStream() {
    makeCurrent();

    LaunchCells cells = LaunchCells.mine();
    if (TorchCudaC.aoti_torch_get_current_cuda_stream(ordinal, cells.outAddress()) != 0) {
      throw new CudaException("PyTorch tells no current stream of GPU " + ordinal);
    }

    return cells.out().getLong(0);
  }

  /** The workspace of a stream; kernels of one stream run one after another. */
  Workspace workspace(long stream) {
    Workspace workspace = workspaces.get(stream);
    return workspace != null
        ? workspace
        : workspaces.computeIfAbsent(stream, ignored -> new Workspace());
  }

  /** Gives up the workspace of a stream that ends. */
  void forget(long stream) {
    Workspace workspace = workspaces.remove(stream);
    if (workspace != null) {
      workspace.close();
    }
  }
}
