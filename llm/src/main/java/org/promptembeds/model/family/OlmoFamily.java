package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** OLMo: layer norms without weights. */
final class OlmoFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "olmo";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50304, "hidden_size": 4096, "intermediate_size": 11008,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "hidden_act": "silu", "eos_token_id": 50279}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(1e-5, false).withoutWeight();
    MixerSpec attention =
        sizes.rotaryAttention(config).clip(config.positive("clip_qkv", 0)).build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }
}
