package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryParameters;
import org.promptembeds.model.config.RotaryReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.RotaryEmbedding;

/**
 * The sizes that nearly all configurations have, under the names that nearly all use.
 *
 * @param vocabSize rows of the embedding table
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the feed-forward block
 * @param layers number of decoder layers
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of a head
 * @param maxPositions longest context, in tokens
 * @param tied whether the output projection is the embedding table
 */
record Dimensions(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int maxPositions,
    boolean tied) {
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEAD_DIM = 1 << 16;

  /**
   * Reads the standard keys; {@code head_dim} is derived where neither file nor defaults have it.
   */
  static Dimensions read(ConfigReader config) {
    int hiddenSize = config.size("hidden_size");
    int heads = config.size("num_attention_heads");
    return new Dimensions(
        config.size("vocab_size"),
        hiddenSize,
        config.value("intermediate_size") == null ? 0 : config.size("intermediate_size"),
        config.size("num_hidden_layers", MAX_LAYERS),
        heads,
        kvHeads(config, heads),
        headDim(config, hiddenSize, heads),
        config.size("max_position_embeddings"),
        config.flag("tie_word_embeddings"));
  }

  /** The sizes of a model without attention. */
  static Dimensions withoutAttention(ConfigReader config) {
    return new Dimensions(
        config.size("vocab_size"),
        config.size("hidden_size"),
        0,
        config.size("num_hidden_layers", MAX_LAYERS),
        1,
        1,
        1,
        config.size("max_position_embeddings"),
        config.flag("tie_word_embeddings"));
  }

  /** The sizes of a model whose number of layers another key gives. */
  static Dimensions withLayers(ConfigReader config, int layers) {
    int hiddenSize = config.size("hidden_size");
    int heads = config.size("num_attention_heads");
    return new Dimensions(
        config.size("vocab_size"),
        hiddenSize,
        0,
        layers,
        heads,
        kvHeads(config, heads),
        headDim(config, hiddenSize, heads),
        config.size("max_position_embeddings"),
        config.flag("tie_word_embeddings"));
  }

  /** An absent number is the family's default, null is one per query head. */
  private static int kvHeads(ConfigReader config, int heads) {
    if (config.value("num_key_value_heads") == null) {
      return heads;
    }

    int kvHeads = config.size("num_key_value_heads");
    if (heads % kvHeads != 0) {
      config.problem(
          "num_key_value_heads must divide num_attention_heads (%d), got %d"
              .formatted(heads, kvHeads));
      return heads;
    }

    return kvHeads;
  }

  private static int headDim(ConfigReader config, int hiddenSize, int heads) {
    boolean derived = config.value("head_dim") == null;
    if (derived && hiddenSize % heads != 0) {
      config.problem(
          "hidden_size (%d) is not a multiple of num_attention_heads (%d), and head_dim is absent"
              .formatted(hiddenSize, heads));
    }

    int headDim = derived ? Math.max(1, hiddenSize / heads) : config.size("head_dim");
    if (headDim > MAX_HEAD_DIM || (long) heads * headDim > Integer.MAX_VALUE) {
      config.problem(
          "head_dim must be at most %d, and %d times num_attention_heads (%d) below 2^31"
              .formatted(MAX_HEAD_DIM, headDim, heads));
    }

    return headDim;
  }

  /** Attention of these heads. */
  Grouped.Builder attention() {
    return Grouped.builder(heads, kvHeads, headDim);
  }

  /** The same attention with rotary positions, all its biases as {@code attention_bias} says. */
  Grouped.Builder rotaryAttention(ConfigReader config) {
    boolean bias = config.flag("attention_bias");
    return attention().positions(rotary(config)).biases(bias, bias);
  }

  /** Rotary positions that are the same in every layer, of three kinds where sections say so. */
  Rotary rotary(ConfigReader config) {
    RotaryEmbedding embedding = RotaryReader.read(config, headDim, maxPositions);
    return RotaryParameters.sections(config, embedding.rotaryDim() / 2)
        .map(sections -> new Rotary(embedding, sections, RotaryParameters.interleaved(config)))
        .orElseGet(() -> new Rotary(embedding));
  }

  /** Rotary positions of the layers of one type, see {@link RotaryReader#readFor}. */
  Rotary rotary(ConfigReader config, String layerType, double theta) {
    return new Rotary(RotaryReader.readFor(config, layerType, headDim, maxPositions, theta));
  }

  /** A gated block with {@code hidden_act}, all its biases as {@code mlp_bias} says. */
  Gated gated(ConfigReader config) {
    return new Gated(intermediateSize, config.activation("hidden_act"), config.flag("mlp_bias"));
  }

  /** A block without a gate, with {@code hidden_act} and biases as {@code mlp_bias} says. */
  Plain plain(ConfigReader config) {
    return new Plain(intermediateSize, config.activation("hidden_act"), config.flag("mlp_bias"));
  }

  /** A decoder of these sizes whose table and head are as plain as Llama's. */
  DecoderSpec decoder(String modelType, NormSpec finalNorm, IntFunction<LayerSpec> layer) {
    return decoder(modelType, EmbeddingSpec.plain(hiddenSize), finalNorm, HeadSpec.of(tied), layer);
  }

  /** A decoder of these sizes; {@code layer} gives each layer by its number. */
  DecoderSpec decoder(
      String modelType,
      EmbeddingSpec embedding,
      NormSpec finalNorm,
      HeadSpec head,
      IntFunction<LayerSpec> layer) {
    List<LayerSpec> all = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      all.add(layer.apply(i));
    }

    return new DecoderSpec(
        modelType, vocabSize, hiddenSize, maxPositions, embedding, all, finalNorm, head);
  }
}
