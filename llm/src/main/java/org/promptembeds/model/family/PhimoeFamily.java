package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** Phi 3.5 MoE: norms with mean and bias, and a router that weighs two experts one by one. */
final class PhimoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "phimoe";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32064, "hidden_size": 4096, "intermediate_size": 6400,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 1000000.0, "num_local_experts": 16, "num_experts_per_tok": 2,
         "router_jitter_noise": 0.01, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    config.accept("num_experts_per_tok", 2);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("rms_norm_eps"), true);
    MixerSpec attention =
        sizes.rotaryAttention(config).window(config.sizeOr("sliding_window", 0)).build();
    RouterSpec router =
        RouterSpec.builder(RouterSpec.Scoring.SPARSE_MIXER, false)
            .jitter(config.positive("router_jitter_noise"))
            .build();
    Experts experts = MixtureReader.of(config, router, sizes.intermediateSize());
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()),
        norm,
        HeadSpec.of(sizes.tied()).withBias(config.flag("lm_head_bias")),
        layer -> LayerSpec.pre(norm, attention, experts));
  }

  @Override
  public WeightNames names() {
    return ExpertNames.MIXTRAL;
  }
}
