package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** OLMoE: all queries and all keys are normalised together; every layer has experts. */
final class OlmoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "olmoe";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 50304, "hidden_size": 2048, "intermediate_size": 2048,
     "num_hidden_layers": 16, "num_attention_heads": 16, "max_position_embeddings": 4096,
     "rms_norm_eps": 1e-5, "hidden_act": "silu", "num_experts": 64, "num_experts_per_tok": 8,
     "eos_token_id": 50279}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes
            .rotaryAttention(config)
            .headNorm(new HeadNormSpec(norm, HeadNormSpec.Scope.PROJECTION, false))
            .clip(config.positive("clip_qkv", 0))
            .build();
    RouterSpec router = RouterSpec.of(RouterSpec.Scoring.SOFTMAX, config.flag("norm_topk_prob"));
    Experts experts = MixtureReader.of(config, router, sizes.intermediateSize());
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, experts));
  }

  @Override
  public WeightNames names() {
    return ExpertNames.QWEN;
  }
}
