package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Seed-OSS: Llama with biases on queries, keys and values. */
final class SeedOssFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "seed_oss";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 155136, "hidden_size": 4096, "intermediate_size": 27648,
         "num_hidden_layers": 64, "num_attention_heads": 80, "num_key_value_heads": 8, "head_dim": 128,
         "max_position_embeddings": 524288, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "attention_bias": true, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes
            .rotaryAttention(config)
            .biases(config.flag("attention_bias"), config.flag("attention_out_bias"))
            .build();
    Gated feedForward = sizes.gated(config);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }
}
