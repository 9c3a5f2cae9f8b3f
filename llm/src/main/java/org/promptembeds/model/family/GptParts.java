package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.AbsolutePositions;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** What the families in the line of GPT-2 have in common. */
final class GptParts {
  /** Their names of keys. */
  static final Map<String, String> KEYS =
      Map.of(
          "hidden_size", "n_embd",
          "intermediate_size", "n_inner",
          "num_hidden_layers", "n_layer",
          "num_attention_heads", "n_head",
          "max_position_embeddings", "n_positions");

  /** Their names of weights. */
  static final WeightNames NAMES =
      WeightNames.LLAMA
          .under("transformer.", "h.{layer}.")
          .with("embedding", "wte")
          .with("embedding.positions", "wpe")
          .with("norm", "ln_f")
          .with("attention.norm", "ln_1")
          .with("attention.qkv", "attn.c_attn")
          .with("attention.output", "attn.c_proj")
          .with("feed_forward.norm", "ln_2")
          .with("feed_forward.up", "mlp.c_fc")
          .with("feed_forward.down", "mlp.c_proj");

  /** Names of fused projections that are those of four times the width. */
  static final WeightNames FUSED_NAMES =
      WeightNames.LLAMA
          .with("feed_forward.up", "mlp.dense_h_to_4h")
          .with("feed_forward.down", "mlp.dense_4h_to_h");

  private GptParts() {}

  /** A layer norm with a bias. */
  static NormSpec norm(ConfigReader config) {
    return NormSpec.layer(config.positive("layer_norm_epsilon"), true);
  }

  /** A block without a gate, four times as wide as the stream unless the configuration says so. */
  static Plain feedForward(ConfigReader config, Dimensions sizes, String activation, boolean bias) {
    int size = sizes.intermediateSize() == 0 ? 4 * sizes.hiddenSize() : sizes.intermediateSize();
    return new Plain(size, config.activation(activation), bias);
  }

  /** A table with a learned vector for each position. */
  static EmbeddingSpec learnedPositions(Dimensions sizes) {
    return EmbeddingSpec.plain(sizes.hiddenSize())
        .withPositions(
            new AbsolutePositions(AbsolutePositions.Kind.LEARNED, sizes.maxPositions(), 0));
  }

  /** Fused rows that hold queries, keys and values of one head after another. */
  static Transform perHead(DecoderSpec spec) {
    Grouped attention = spec.attention();
    int headDim = attention.headDim();
    return Transform.ungrouped(
        attention.kvHeads(), attention.heads() / attention.kvHeads() * headDim, headDim, headDim);
  }
}
