package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.ShortConvolution;

/** LFM2: gated short convolutions, and attention in some layers. */
final class Lfm2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "lfm2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 65536, "hidden_size": 2560, "intermediate_size": 12288,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 128000, "norm_eps": 1e-5, "rope_theta": 1000000.0,
         "conv_bias": false, "conv_L_cache": 3, "block_multiple_of": 256,
         "block_ffn_dim_multiplier": 1.0, "block_auto_adjust_ff_dim": true,
         "tie_word_embeddings": true, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("norm_eps"));
    MixerSpec attention =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .headNorm(HeadNormSpec.perHead(norm))
            .build();
    MixerSpec convolution =
        new ShortConvolution(
            sizes.hiddenSize(), config.size("conv_L_cache"), config.flag("conv_bias"));
    Gated feedForward = new Gated(feedForwardSize(config), Activation.SILU);
    List<String> types = layerTypes(config, sizes.layers());
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            LayerSpec.pre(
                norm,
                types.get(layer).equals("full_attention") ? attention : convolution,
                feedForward));
  }

  private static List<String> layerTypes(ConfigReader config, int layers) {
    List<Integer> full = config.integers("full_attn_idxs");
    return LayerTypes.read(
        config,
        layers,
        List.of("full_attention", "conv"),
        layer -> full == null || full.contains(layer) ? "full_attention" : "conv");
  }

  /** Two thirds, scaled and rounded up, unless the configuration says not to adjust. */
  private static int feedForwardSize(ConfigReader config) {
    int size =
        config.size(config.value("block_ff_dim") == null ? "intermediate_size" : "block_ff_dim");
    if (!config.flag("block_auto_adjust_ff_dim")) {
      return size;
    }

    int adjusted = 2 * size / 3;
    if (config.value("block_ffn_dim_multiplier") != null) {
      adjusted = (int) (config.positive("block_ffn_dim_multiplier") * adjusted);
      int multiple = config.size("block_multiple_of");
      adjusted = (adjusted + multiple - 1) / multiple * multiple;
    }

    return adjusted;
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("norm", "embedding_norm")
        .with("attention.norm", "operator_norm")
        .with("attention.qkv", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
        .with("attention.q_norm", "self_attn.q_layernorm")
        .with("attention.k_norm", "self_attn.k_layernorm")
        .with("attention.output", "self_attn.out_proj")
        .or("attention.output", new WeightNames.Part("conv.out_proj", Transform.NONE))
        .with("attention.input", "conv.in_proj")
        .with("attention.conv", "conv.conv")
        .with("feed_forward.norm", "ffn_norm")
        .with("feed_forward.gate_up", "feed_forward.w1", "feed_forward.w3")
        .with("feed_forward.down", "feed_forward.w2");
  }
}
