package org.promptembeds.torch.cuda;

import java.util.List;
import java.util.Optional;

/**
 * What kernels are compiled for.
 *
 * @param bfloat16 whether weights and activations are bfloat16; otherwise float16
 * @param headDim numbers of an attention head
 * @param group query heads that share a head of keys and values
 * @param kvFloat8 whether keys and values are kept as e4m3
 */
public record KernelVariant(boolean bfloat16, int headDim, int group, boolean kvFloat8) {
  private static final int HEAD_MULTIPLE = 16;
  private static final int MAX_HEAD_DIM = 256;
  private static final int MAX_GROUP = 16;
  private static final int FIRST_CAPABILITY = 80;
  private static final int FIRST_FLOAT8_CAPABILITY = 89;

  /** Has instructions that neither earlier nor later ones have. */
  private static final int HOPPER = 90;

  public KernelVariant {
    refusal(headDim, group)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** Why there are no kernels for such heads; empty if there are. */
  public static Optional<String> refusal(int headDim, int group) {
    if (headDim < HEAD_MULTIPLE || headDim > MAX_HEAD_DIM || headDim % HEAD_MULTIPLE != 0) {
      return Optional.of(
          "heads of %d numbers are no multiple of %d up to %d"
              .formatted(headDim, HEAD_MULTIPLE, MAX_HEAD_DIM));
    }

    if (group < 1 || group > MAX_GROUP) {
      return Optional.of(
          "%d query heads share a head of keys, more than %d".formatted(group, MAX_GROUP));
    }

    return Optional.empty();
  }

  /** Why a GPU of this compute capability (times ten) cannot run them; empty if it can. */
  Optional<String> refusal(int capability) {
    int needed = kvFloat8 ? FIRST_FLOAT8_CAPABILITY : FIRST_CAPABILITY;
    return capability >= needed
        ? Optional.empty()
        : Optional.of(
            "the GPU has compute capability %s, less than %s"
                .formatted(capability / 10.0, needed / 10.0));
  }

  /** Whether a GPU of this compute capability (times ten) runs our attention of prompts. */
  static boolean hasPrompts(int capability) {
    return capability == HOPPER;
  }

  /** PyTorch's code of the element type of activations. */
  int dtype() {
    return bfloat16 ? TensorArgument.BFLOAT16 : TensorArgument.FLOAT16;
  }

  /** Options of the compiler for a GPU of this compute capability (times ten). */
  List<String> compilerOptions(int capability) {
    return List.of(
        "--gpu-architecture=sm_" + capability + (hasPrompts(capability) ? "a" : ""),
        "--std=c++17",
        "-DBF16=" + (bfloat16 ? 1 : 0),
        "-DHEAD_DIM=" + headDim,
        "-DGROUP=" + group,
        "-DKV_FP8=" + (kvFloat8 ? 1 : 0));
  }
}
