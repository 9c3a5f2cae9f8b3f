package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/**
 * Nemotron 3 and 4, Minitron: layer norms around one, a squared ReLU, half of each head rotated.
 */
final class NemotronFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "nemotron";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 256000, "hidden_size": 6144, "intermediate_size": 24576,
         "num_hidden_layers": 32, "num_attention_heads": 48, "max_position_embeddings": 4096,
         "norm_eps": 1e-5, "hidden_act": "relu2", "partial_rotary_factor": 0.5, "eos_token_id": 3}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("norm_eps"), true).withOffset(1);
    MixerSpec attention = sizes.rotaryAttention(config).build();
    Plain feedForward = sizes.plain(config);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }
}
