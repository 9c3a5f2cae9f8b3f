package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.BranchSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.Mamba2.GatedNorm;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.ResidualSpec;

/** Falcon-H1: attention and Mamba 2 side by side in every layer, multipliers on everything. */
final class FalconH1Family implements ModelFamily {
  @Override
  public String modelType() {
    return "falcon_h1";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 128000, "hidden_size": 4096, "intermediate_size": 14336,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 8192, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "mamba_d_ssm": 1024, "mamba_n_heads": 128, "mamba_d_head": "auto", "mamba_n_groups": 1,
         "mamba_d_state": 256, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_conv_bias": true,
         "mamba_proj_bias": false, "mamba_norm_before_gate": true, "mamba_rms_norm": false,
         "projectors_bias": false, "lm_head_multiplier": 1.0, "embedding_multiplier": 1.0,
         "mlp_multipliers": [1.0, 1.0], "key_multiplier": 1.0, "attention_out_multiplier": 1.0,
         "attention_in_multiplier": 1.0, "ssm_multipliers": [1.0, 1.0, 1.0, 1.0, 1.0],
         "ssm_in_multiplier": 1.0, "ssm_out_multiplier": 1.0, "eos_token_id": 2}""";
  }

  private static final String MAMBA = "mamba";

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes
            .rotaryAttention(config)
            .scale(Math.pow(sizes.headDim(), -0.5) * config.positive("key_multiplier"))
            .build();
    List<Double> onFeedForward = config.numbers("mlp_multipliers", 2);
    FeedForwardSpec feedForward = sizes.gated(config).withGateScale(onFeedForward.get(0));
    LayerSpec layer =
        new LayerSpec(
            List.of(
                ResidualSpec.of(
                    BranchSpec.of(LayerSpec.ATTENTION, attention)
                        .after(norm)
                        .withInputScale(config.positive("attention_in_multiplier"))
                        .scaled(config.positive("attention_out_multiplier")),
                    BranchSpec.of(MAMBA, mamba(config, sizes))
                        .after(norm)
                        .withInputScale(config.positive("ssm_in_multiplier"))
                        .scaled(config.positive("ssm_out_multiplier"))),
                ResidualSpec.of(BranchSpec.of(LayerSpec.FEED_FORWARD, feedForward).after(norm))
                    .scaled(onFeedForward.get(1))));
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize())
            .withTokenScale(config.positive("embedding_multiplier")),
        norm,
        HeadSpec.of(sizes.tied()).withScale(config.positive("lm_head_multiplier")),
        number -> layer);
  }

  private static MixerSpec mamba(ConfigReader config, Dimensions sizes) {
    GatedNorm norm =
        !config.flag("mamba_rms_norm")
            ? GatedNorm.NONE
            : config.flag("mamba_norm_before_gate") ? GatedNorm.BEFORE_GATE : GatedNorm.AFTER_GATE;
    int inner =
        config.value("mamba_d_ssm") == null
            ? config.size("mamba_expand") * sizes.hiddenSize()
            : config.size("mamba_d_ssm");
    return MambaParts.bamba(
        config,
        inner,
        config.flag("projectors_bias"),
        norm,
        config.size("mamba_n_groups"),
        config.numbers("ssm_multipliers", 5));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return MambaParts.named(WeightNames.LLAMA, MAMBA, "mamba.")
        .with("norm", "final_layernorm")
        .with("mamba.norm", "input_layernorm")
        .with("feed_forward.norm", "pre_ff_layernorm")
        .with("feed_forward.gate_up", "feed_forward.gate_proj", "feed_forward.up_proj")
        .with("feed_forward.down", "feed_forward.down_proj");
  }
}
