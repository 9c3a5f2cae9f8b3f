package org.promptembeds.torch;

import java.util.Collections;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.RotaryEmbedding;

/** Architectures of well-known models, for measurements on random weights. */
final class ModelShapes {
  private ModelShapes() {}

  static DecoderSpec of(String name) {
    return switch (name) {
      case "llama-8b" -> shape("llama", 128256, 4096, 14336, 32, 32, 8, 128, false);
      case "llama-1b" -> shape("llama", 128256, 2048, 8192, 16, 32, 8, 64, true);
      case "qwen-0.5b" -> shape("qwen2", 151936, 896, 4864, 24, 14, 2, 64, true);
      case "tiny" -> shape("llama", 1024, 192, 512, 5, 6, 2, 32, true);
      default -> throw new IllegalArgumentException("no shape " + name);
    };
  }

  private static DecoderSpec shape(
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

    NormSpec norm = NormSpec.rms(1e-5);
    LayerSpec layer =
        LayerSpec.pre(
            norm,
            Grouped.builder(heads, kvHeads, headDim)
                .positions(new Rotary(new RotaryEmbedding(frequencies, 1, null)))
                .biases(modelType.equals("qwen2"), false)
                .build(),
            new Gated(intermediateSize, Activation.SILU));
    return new DecoderSpec(
        modelType,
        vocabSize,
        hiddenSize,
        16_384,
        EmbeddingSpec.plain(hiddenSize),
        Collections.nCopies(layers, layer),
        norm,
        HeadSpec.of(tied));
  }
}
