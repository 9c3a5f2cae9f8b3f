package org.promptembeds.torch;

import java.util.Collections;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.RotaryEmbedding;

/**
 * A small model whose heads our kernels compute, for each of the ways in which families differ.
 *
 * @param name what is special
 */
record OwnShapes(String name, DecoderSpec spec) {
  private static final int HIDDEN = 192;
  private static final int VOCABULARY = 509;

  static Stream<OwnShapes> all() {
    NormSpec norm = NormSpec.rms(1e-5);
    return Stream.of(
        of("groups of four", 8, 2, 128, 64, norm, grouped -> grouped),
        of("biases", 7, 1, 64, 32, norm, grouped -> grouped.biases(true, true)),
        of(
            "head norm",
            6,
            2,
            80,
            40,
            norm,
            grouped -> grouped.headNorm(HeadNormSpec.perHead(norm))),
        of("window", 4, 4, 96, 48, norm, grouped -> grouped.window(9)),
        of(
            "soft cap",
            4,
            2,
            256,
            128,
            NormSpec.centredRms(1e-6),
            grouped -> grouped.softCap(20).window(11).scale(0.09)),
        of("sinks", 16, 2, 64, 32, norm, grouped -> grouped.sinks(true).biases(true, true)),
        of("layer norm, partial rotary", 4, 2, 192, 24, NormSpec.layer(1e-5, true), g -> g),
        of("clip", 32, 2, 16, 8, norm, grouped -> grouped.clip(0.5)));
  }

  private static OwnShapes of(
      String name,
      int heads,
      int kvHeads,
      int headDim,
      int pairs,
      NormSpec norm,
      UnaryOperator<Grouped.Builder> change) {
    float[] frequencies = new float[pairs];
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = (float) Math.pow(10_000, -(double) i / pairs);
    }

    Grouped grouped =
        change
            .apply(
                Grouped.builder(heads, kvHeads, headDim)
                    .positions(new Rotary(new RotaryEmbedding(frequencies, 1, null))))
            .build();
    LayerSpec layer = LayerSpec.pre(norm, grouped, new Gated(320, Activation.GELU_TANH));
    return new OwnShapes(
        name,
        new DecoderSpec(
            "llama",
            VOCABULARY,
            HIDDEN,
            4096,
            EmbeddingSpec.plain(HIDDEN),
            Collections.nCopies(3, layer),
            norm,
            HeadSpec.of(false)));
  }

  @Override
  public String toString() {
    return name;
  }
}
