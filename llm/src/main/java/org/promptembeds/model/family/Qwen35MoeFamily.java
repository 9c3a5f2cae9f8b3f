package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;

/** Qwen 3.5 with a mixture of experts in every layer. */
final class Qwen35MoeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3_5_moe_text";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 248320, "hidden_size": 2048, "num_hidden_layers": 40,
         "num_attention_heads": 16, "num_key_value_heads": 2,
         "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_value_head_dim": 128,
         "linear_num_key_heads": 16, "linear_num_value_heads": 32, "full_attention_interval": 4,
         "partial_rotary_factor": 0.25, "head_dim": 256, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "max_position_embeddings": 32768,
         "num_experts": 256, "num_experts_per_tok": 8, "moe_intermediate_size": 512,
         "shared_expert_intermediate_size": 512}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Experts experts = QwenHybrid.experts(config, true);
    return QwenHybrid.read(
        modelType(), config, QwenHybrid.sections(config, Qwen35Family.SECTIONS), layer -> experts);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return QwenHybrid.names(spec);
  }
}
