package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Helium: rotated pairs are neighbours, norms in full precision. */
final class HeliumFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "helium";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 48000, "hidden_size": 2560, "intermediate_size": 7040,
         "num_hidden_layers": 24, "num_attention_heads": 20, "num_key_value_heads": 20, "head_dim": 128,
         "max_position_embeddings": 4096, "rms_norm_eps": 1e-8, "hidden_act": "silu",
         "rope_theta": 100000.0, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    MixerSpec attention =
        sizes.rotaryAttention(config).biases(config.flag("attention_bias"), false).build();
    Gated feedForward = sizes.gated(config);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return WeightNames.LLAMA.rotatingNeighbours(spec);
  }
}
