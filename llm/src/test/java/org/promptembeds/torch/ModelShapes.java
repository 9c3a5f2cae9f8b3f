package org.promptembeds.torch;

import org.promptembeds.model.Activation;
import org.promptembeds.model.DecoderConfig;
import org.promptembeds.model.RotaryEmbedding;

/** Architectures of well-known models, for measurements on random weights. */
final class ModelShapes {
  private ModelShapes() {}

  static DecoderConfig of(String name) {
    return switch (name) {
      case "llama-8b" -> shape("llama", 128256, 4096, 14336, 32, 32, 8, 128, false);
      case "llama-1b" -> shape("llama", 128256, 2048, 8192, 16, 32, 8, 64, true);
      case "qwen-0.5b" -> shape("qwen2", 151936, 896, 4864, 24, 14, 2, 64, true);
      case "tiny" -> shape("llama", 1024, 192, 512, 5, 6, 2, 32, true);
      default -> throw new IllegalArgumentException("no shape " + name);
    };
  }

  private static DecoderConfig shape(
      String modelType,
      int vocabSize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      boolean tied) {
    float[] frequencies = new float[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(500_000, -2.0 * i / headDim);
    }

    return new DecoderConfig(
        modelType,
        vocabSize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        kvHeads,
        headDim,
        16_384,
        1e-5,
        Activation.SILU,
        modelType.equals("qwen2"),
        false,
        false,
        false,
        tied,
        new int[layers],
        new RotaryEmbedding(frequencies, 1, null));
  }
}
