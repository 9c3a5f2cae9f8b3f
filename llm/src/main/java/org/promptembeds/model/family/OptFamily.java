package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.AbsolutePositions;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** OPT: learned positions from the third row on, norms before or after the blocks. */
final class OptFamily implements ModelFamily {
  /** Row of the first position. */
  static final int OFFSET = 2;

  static final WeightNames NAMES =
      WeightNames.LLAMA
          .under("model.decoder.", "layers.{layer}.")
          .with("embedding.positions", "embed_positions")
          .with("embedding.projection", "project_in")
          .with("head.projection", "project_out")
          .with("norm", "final_layer_norm")
          .with("attention.norm", "self_attn_layer_norm")
          .with("attention.stream_norm", "self_attn_layer_norm")
          .with("attention.output", "self_attn.out_proj")
          .with("feed_forward.norm", "final_layer_norm")
          .with("feed_forward.stream_norm", "final_layer_norm")
          .with("feed_forward.up", "fc1")
          .with("feed_forward.down", "fc2");

  @Override
  public String modelType() {
    return "opt";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50272, "hidden_size": 768, "ffn_dim": 3072, "num_hidden_layers": 12,
         "num_attention_heads": 12, "max_position_embeddings": 2048, "activation_function": "relu",
         "do_layer_norm_before": true, "enable_bias": true, "layer_norm_elementwise_affine": true,
         "tie_word_embeddings": true, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader opt = config.withNames(Map.of("intermediate_size", "ffn_dim"));
    Dimensions sizes = Dimensions.read(opt);
    boolean before = opt.flag("do_layer_norm_before");
    boolean bias = opt.flag("enable_bias");
    NormSpec full = NormSpec.layer(1e-5, true);
    NormSpec norm = opt.flag("layer_norm_elementwise_affine") ? full : full.withoutWeight();
    MixerSpec attention = sizes.attention().biases(bias, bias).build();
    Plain feedForward =
        new Plain(sizes.intermediateSize(), opt.activation("activation_function"), bias);
    return sizes.decoder(
        modelType(),
        embedding(opt, sizes),
        before && !opt.flag("_remove_final_layer_norm") ? norm : NormSpec.NONE,
        HeadSpec.of(sizes.tied()),
        layer ->
            before
                ? LayerSpec.pre(norm, attention, feedForward)
                : LayerSpec.streamNormed(norm, attention, feedForward));
  }

  private static EmbeddingSpec embedding(ConfigReader config, Dimensions sizes) {
    return EmbeddingSpec.plain(config.sizeOr("word_embed_proj_dim", sizes.hiddenSize()))
        .withPositions(
            new AbsolutePositions(
                AbsolutePositions.Kind.LEARNED, sizes.maxPositions() + OFFSET, OFFSET));
  }

  @Override
  public WeightNames names() {
    return NAMES;
  }
}
