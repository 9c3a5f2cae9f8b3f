package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;
import org.promptembeds.model.spec.RouterSpec.Scoring;

/** Jamba: Mamba 1 with attention and a mixture of experts in some layers. */
final class JambaFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "jamba";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 65536, "hidden_size": 4096, "intermediate_size": 14336,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 262144, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "num_experts": 16, "num_experts_per_tok": 2, "expert_layer_period": 2,
         "expert_layer_offset": 1, "attn_layer_period": 8, "attn_layer_offset": 4,
         "mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_dt_rank": "auto",
         "mamba_conv_bias": true, "mamba_proj_bias": false, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention = sizes.attention().build();
    MixerSpec mamba = MambaParts.jamba(config, sizes.hiddenSize(), norm);
    Gated dense = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    FeedForwardSpec sparse = experts(config, dense);
    int attentionPeriod = config.size("attn_layer_period");
    int attentionOffset = config.count("attn_layer_offset");
    int expertPeriod = config.size("expert_layer_period");
    int expertOffset = config.count("expert_layer_offset");
    return sizes.decoder(
        modelType(),
        norm,
        layer ->
            LayerSpec.pre(
                norm,
                layer % attentionPeriod == attentionOffset ? attention : mamba,
                layer % expertPeriod == expertOffset ? sparse : dense));
  }

  private static FeedForwardSpec experts(ConfigReader config, Gated dense) {
    int count = config.size("num_experts");
    return count == 1
        ? dense
        : Experts.of(
            count,
            config.size("num_experts_per_tok"),
            RouterSpec.of(Scoring.SOFTMAX, false),
            dense.size(),
            dense.activation());
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return MambaParts.named(WeightNames.LLAMA, "attention", "mamba.")
        .with("norm", "final_layernorm")
        .with("feed_forward.norm", "pre_ff_layernorm")
        .with("feed_forward.gate_up", "feed_forward.gate_proj", "feed_forward.up_proj")
        .with("feed_forward.down", "feed_forward.down_proj")
        .with("feed_forward.router", "feed_forward.router")
        .with(
            "feed_forward.experts.gate_up",
            "feed_forward.experts.{expert}.gate_proj",
            "feed_forward.experts.{expert}.up_proj")
        .or("feed_forward.experts.gate_up", ExpertNames.merged("feed_forward.experts.gate_up_proj"))
        .with("feed_forward.experts.down", "feed_forward.experts.{expert}.down_proj")
        .or("feed_forward.experts.down", ExpertNames.merged("feed_forward.experts.down_proj"));
  }
}
