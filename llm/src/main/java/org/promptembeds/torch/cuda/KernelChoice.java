package org.promptembeds.torch.cuda;

import java.util.List;
import java.util.Optional;

/** Which text of the decoder's kernels a model runs: PyTorch's own operators, or ours. */
public sealed interface KernelChoice {
  /**
   * Operators of ours, compiled and loaded on the model's GPU.
   *
   * @param prompts whether one computes attention of prompts
   */
  record Own(String namespace, boolean prompts) implements KernelChoice {}

  /**
   * Operators of PyTorch.
   *
   * @param reason why not ours
   */
  record Stock(String reason) implements KernelChoice {}

  /**
   * Compiles and loads our kernels for a GPU, if that can be done.
   *
   * @param device number of the GPU as PyTorch counts
   */
  static KernelChoice load(int device, List<KernelVariant> variants) {
    CudaRuntime.Attempt attempt = CudaRuntime.once();
    if (attempt.runtime().isEmpty()) {
      return new Stock(attempt.problem());
    }

    CudaRuntime runtime = attempt.runtime().get();
    try {
      Gpu gpu = Gpu.of(device);
      for (KernelVariant variant : variants) {
        Optional<String> refusal = variant.refusal(gpu.capability());
        if (refusal.isPresent()) {
          return new Stock(refusal.get());
        }

        gpu.load(variant, runtime.compiler(), runtime.cache());
      }

      return new Own(runtime.namespace(), KernelVariant.hasPrompts(gpu.capability()));
    } catch (CudaException e) {
      return new Stock(String.valueOf(e.getMessage()));
    }
  }
}
