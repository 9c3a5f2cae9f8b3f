package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** GLM-4 of 2024: half of each head is rotated, in neighbouring pairs. */
final class GlmFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "glm";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 151552, "hidden_size": 4096, "intermediate_size": 13696,
         "num_hidden_layers": 40, "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128,
         "max_position_embeddings": 131072, "rms_norm_eps": 1.5625e-7, "hidden_act": "silu",
         "partial_rotary_factor": 0.5, "attention_bias": true,
         "eos_token_id": [151329, 151336, 151338]}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention = attention(config, sizes);
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  /** Biases on queries, keys and values alone. */
  static MixerSpec attention(ConfigReader config, Dimensions sizes) {
    return sizes.rotaryAttention(config).biases(config.flag("attention_bias"), false).build();
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return WeightNames.LLAMA
        .with("feed_forward.gate_up", "mlp.gate_up_proj")
        .rotatingNeighbours(spec);
  }
}
