package org.promptembeds.model.family;

import java.util.Map;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** MPT: linear biases for positions, no biases elsewhere. */
final class MptFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "mpt";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50368, "d_model": 2048, "n_heads": 16, "n_layers": 24, "max_seq_len": 2048,
         "expansion_ratio": 4, "layer_norm_epsilon": 1e-5, "tie_word_embeddings": true}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    ConfigReader mpt =
        config.withNames(
            Map.of(
                "hidden_size", "d_model",
                "num_hidden_layers", "n_layers",
                "num_attention_heads", "n_heads",
                "max_position_embeddings", "max_seq_len"));
    mpt.accept("no_bias", true);
    mpt.accept("expansion_ratio", 4);
    mpt.accept("norm_type", "low_precision_layernorm");
    Dimensions sizes = Dimensions.read(mpt);
    NormSpec norm = NormSpec.layer(mpt.positive("layer_norm_epsilon"), false);
    MixerSpec attention = attention(mpt, sizes);
    Plain feedForward = new Plain(4 * sizes.hiddenSize(), Activation.GELU, false);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  private static MixerSpec attention(ConfigReader config, Dimensions sizes) {
    ConfigReader stated = config.object("attn_config");
    ConfigReader attention = stated == null ? config.emptyObject("attn_config") : stated;
    attention.accept("attn_type", "multihead_attention");
    attention.accept("alibi", true);
    attention.accept("alibi_bias_max", 8);
    attention.accept("qk_ln", false);
    attention.accept("prefix_lm", false);
    return sizes
        .attention()
        .positions(AlibiSlopes.thinned(sizes.heads()))
        .clip(attention.positive("clip_qkv", 0))
        .scale(attention.positive("softmax_scale", Math.pow(sizes.headDim(), -0.5)))
        .build();
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .under("transformer.", "blocks.{layer}.")
        .with("embedding", "wte")
        .with("norm", "norm_f")
        .with("attention.norm", "norm_1")
        .with("attention.qkv", "attn.Wqkv")
        .with("attention.output", "attn.out_proj")
        .with("feed_forward.norm", "norm_2")
        .with("feed_forward.up", "ffn.up_proj")
        .with("feed_forward.down", "ffn.down_proj");
  }
}
