package org.promptembeds.torch;

import org.promptembeds.model.DecoderConfig;
import org.promptembeds.tensor.DType;

/**
 * Where a model runs and in what precision.
 *
 * @param device as PyTorch names it: {@code cpu} or {@code cuda:N}
 * @param dtype of weights, activations and KV cache
 * @param flash whether attention is CUDA's flash attention
 */
record Placement(String device, DType dtype, boolean flash) {
  private static final int FLASH_MAX_HEAD_DIM = 256;
  private static final int FLASH_HEAD_DIM_MULTIPLE = 8;

  /** Takes flash attention wherever it can compute this model. */
  static Placement of(String device, DType dtype, DecoderConfig config) {
    boolean flash =
        device.startsWith("cuda")
            && dtype != DType.FLOAT32
            && config.headDim() <= FLASH_MAX_HEAD_DIM
            && config.headDim() % FLASH_HEAD_DIM_MULTIPLE == 0;
    return new Placement(device, dtype, flash);
  }

  boolean isCuda() {
    return device.startsWith("cuda");
  }
}
