package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.NormSpec;

/** GLM-4.5 and 4.6: half of each head is rotated, and experts as DeepSeek V3 has them. */
final class Glm4MoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "glm4_moe";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 151552, "hidden_size": 4096, "intermediate_size": 10944,
         "num_hidden_layers": 46, "num_attention_heads": 96, "num_key_value_heads": 8,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "partial_rotary_factor": 0.5, "n_routed_experts": 128, "n_shared_experts": 1,
         "num_experts_per_tok": 8, "moe_intermediate_size": 1408, "routed_scaling_factor": 1.0,
         "n_group": 1, "topk_group": 1, "norm_topk_prob": true, "first_k_dense_replace": 1}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    Grouped.Builder attention =
        sizes.rotaryAttention(config).biases(config.flag("attention_bias"), false);
    if (config.flag("use_qk_norm")) {
      attention.headNorm(HeadNormSpec.perHead(norm));
    }

    Grouped built = attention.build();
    return DeepSeekV3Family.decoder(
        modelType(), config, sizes, layer -> built, MixtureReader.denseFirst(config));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return ExpertNames.DEEPSEEK.skippingLayersAbove(spec);
  }
}
