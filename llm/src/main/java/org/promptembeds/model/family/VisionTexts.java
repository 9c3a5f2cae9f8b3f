package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.DecoderSpec;

/**
 * Text halves of vision-language models that are decoders known by another name, but for the three
 * positions that their tokens turn with.
 */
final class VisionTexts {
  private static final String QWEN2 =
      """
      {"vocab_size": 152064, "hidden_size": 8192, "intermediate_size": 29568,
       "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
       "max_position_embeddings": 32768, "rms_norm_eps": 1e-5, "hidden_act": "silu",
       "rope_theta": 1000000.0, "max_window_layers": 80,
       "rope_parameters": {"mrope_section": [16, 24, 24]}}\
      """;

  private static final String QWEN3 =
      """
      {"vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016,
       "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
       "head_dim": 128, "max_position_embeddings": 128000, "rms_norm_eps": 1e-6,
       "hidden_act": "silu", "rope_theta": 500000.0,
       "rope_parameters": {"mrope_section": [24, 20, 20], "mrope_interleaved": true}}\
      """;

  private static final String QWEN3_MOE =
      """
      {"vocab_size": 151936, "hidden_size": 2048, "intermediate_size": 5632,
       "num_hidden_layers": 24, "num_attention_heads": 16, "num_key_value_heads": 16,
       "max_position_embeddings": 128000, "rms_norm_eps": 1e-6, "hidden_act": "silu",
       "rope_theta": 500000.0, "tie_word_embeddings": true,
       "rope_parameters": {"mrope_section": [24, 20, 20], "mrope_interleaved": true},
       "num_experts": 60, "num_experts_per_tok": 4, "moe_intermediate_size": 1408,
       "decoder_sparse_step": 1, "norm_topk_prob": true}\
      """;

  private static final String GLM4 =
      """
      {"vocab_size": 151552, "hidden_size": 4096, "intermediate_size": 13696,
       "num_hidden_layers": 40, "num_attention_heads": 32, "num_key_value_heads": 2,
       "max_position_embeddings": 32768, "rms_norm_eps": 1e-5, "hidden_act": "silu",
       "partial_rotary_factor": 0.5, "attention_bias": true,
       "rope_parameters": {"mrope_section": [8, 12, 12]}}\
      """;

  /** Experts in one tensor, with inputs first. */
  private static final ModelFamily TRANSPOSED_EXPERTS =
      new Qwen3MoeFamily() {
        @Override
        public WeightNames names(DecoderSpec spec) {
          return names()
              .with("feed_forward.experts.gate_up", transposed("mlp.experts.gate_up_proj"))
              .with("feed_forward.experts.down", transposed("mlp.experts.down_proj"));
        }
      };

  private VisionTexts() {}

  static List<ModelFamily> all() {
    return List.of(
        new DerivedFamily("qwen2_vl_text", new Qwen2Family(), QWEN2),
        new DerivedFamily("qwen2_5_vl_text", new Qwen2Family(), QWEN2),
        new DeepstackFamily(new DerivedFamily("qwen3_vl_text", new Qwen3Family(), QWEN3)),
        new DeepstackFamily(new DerivedFamily("qwen3_vl_moe_text", TRANSPOSED_EXPERTS, QWEN3_MOE)),
        new DerivedFamily("glm4v_text", new Glm4Family(), GLM4));
  }

  private static Part transposed(String name) {
    return new Part(name + WeightNames.WHOLE, Transform.TRANSPOSED);
  }
}
