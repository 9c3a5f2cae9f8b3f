package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;

/** Qwen 3.5, dense: gated delta nets and gated attention, multimodal positions. */
final class Qwen35Family implements ModelFamily {
  static final List<Integer> SECTIONS = List.of(11, 11, 10);

  @Override
  public String modelType() {
    return "qwen3_5_text";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 248320, "hidden_size": 4096, "intermediate_size": 12288,
         "num_hidden_layers": 32, "num_attention_heads": 16, "num_key_value_heads": 4,
         "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_value_head_dim": 128,
         "linear_num_key_heads": 16, "linear_num_value_heads": 32, "full_attention_interval": 4,
         "partial_rotary_factor": 0.25, "head_dim": 256, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "max_position_embeddings": 32768}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Gated feedForward =
        new Gated(config.size("intermediate_size"), config.activation("hidden_act"));
    return QwenHybrid.read(
        modelType(), config, QwenHybrid.sections(config, SECTIONS), layer -> feedForward);
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return QwenHybrid.names(spec);
  }
}
