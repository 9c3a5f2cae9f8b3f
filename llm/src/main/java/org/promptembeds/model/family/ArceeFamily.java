package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** Arcee (AFM): Llama without a gate, its activation a squared ReLU. */
final class ArceeFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "arcee";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32000, "hidden_size": 2560, "intermediate_size": 18432,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 4096,
         "rms_norm_eps": 1e-5, "hidden_act": "relu2", "eos_token_id": 128001}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention = sizes.rotaryAttention(config).build();
    Plain feedForward = sizes.plain(config);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }
}
