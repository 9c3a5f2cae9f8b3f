package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.model.DecoderConfig;
import org.promptembeds.tensor.Tensor;

/**
 * The weights of the decoder and the names that Hugging Face checkpoints give their parts; what
 * several small matrix products would need is stacked so that one larger one does.
 */
final class DecoderWeights {
  /**
   * A weight of the decoder.
   *
   * @param name as {@code bind} in {@code decoder.py} asks for it
   * @param shape rows first
   * @param parts the checkpoint's tensors, stacked along the rows
   */
  record Target(String name, long[] shape, List<Part> parts) {}

  /** A tensor of the checkpoint and the shape that it must have. */
  record Part(String name, long[] shape) {}

  private final DecoderConfig config;
  private final List<Target> targets = new ArrayList<>();

  private DecoderWeights(DecoderConfig config) {
    this.config = config;
  }

  /** Every weight of a model. */
  static List<Target> of(DecoderConfig config) {
    DecoderWeights weights = new DecoderWeights(config);
    weights.add("embedding", part("model.embed_tokens.weight", weights.vocabulary()));
    for (int layer = 0; layer < config.layers(); layer++) {
      weights.addLayer(layer);
    }

    weights.add("final_norm", part("model.norm.weight", config.hiddenSize()));
    if (!config.tiedEmbeddings()) {
      weights.add("lm_head", part("lm_head.weight", weights.vocabulary()));
    }

    return List.copyOf(weights.targets);
  }

  /** Number of elements of all weights together. */
  static long elementCount(DecoderConfig config) {
    return of(config).stream().mapToLong(target -> Tensor.elementCount(target.shape())).sum();
  }

  private void addLayer(int layer) {
    String from = "model.layers." + layer + ".";
    String to = layer + ".";
    long hidden = config.hiddenSize();
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    long feedForward = config.intermediateSize();

    add(to + "input_norm", part(from + "input_layernorm.weight", hidden));
    String attention = from + "self_attn.";
    add(
        to + "qkv",
        part(attention + "q_proj.weight", queries, hidden),
        part(attention + "k_proj.weight", keys, hidden),
        part(attention + "v_proj.weight", keys, hidden));
    if (config.qkvBias()) {
      add(
          to + "qkv_bias",
          part(attention + "q_proj.bias", queries),
          part(attention + "k_proj.bias", keys),
          part(attention + "v_proj.bias", keys));
    }

    if (config.qkNorm()) {
      add(to + "q_norm", part(attention + "q_norm.weight", config.headDim()));
      add(to + "k_norm", part(attention + "k_norm.weight", config.headDim()));
    }

    add(to + "output", part(attention + "o_proj.weight", hidden, queries));
    if (config.outputBias()) {
      add(to + "output_bias", part(attention + "o_proj.bias", hidden));
    }

    add(to + "post_norm", part(from + "post_attention_layernorm.weight", hidden));
    String mlp = from + "mlp.";
    add(
        to + "gate_up",
        part(mlp + "gate_proj.weight", feedForward, hidden),
        part(mlp + "up_proj.weight", feedForward, hidden));
    add(to + "down", part(mlp + "down_proj.weight", hidden, feedForward));
    if (config.mlpBias()) {
      add(
          to + "gate_up_bias",
          part(mlp + "gate_proj.bias", feedForward),
          part(mlp + "up_proj.bias", feedForward));
      add(to + "down_bias", part(mlp + "down_proj.bias", hidden));
    }
  }

  private long[] vocabulary() {
    return new long[] {config.vocabSize(), config.hiddenSize()};
  }

  private static Part part(String name, long... shape) {
    return new Part(name, shape);
  }

  private void add(String name, Part... parts) {
    long[] shape = parts[0].shape().clone();
    for (int i = 1; i < parts.length; i++) {
      shape[0] += parts[i].shape()[0];
    }

    targets.add(new Target(name, shape, List.of(parts)));
  }
}
