package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** ERNIE 4.5, dense: rotated pairs are neighbours. */
final class Ernie45Family implements ModelFamily {
  @Override
  public String modelType() {
    return "ernie4_5";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 103424, "hidden_size": 1024, "intermediate_size": 3072,
         "num_hidden_layers": 18, "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 128,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 500000.0, "tie_word_embeddings": true, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean bias = config.flag("use_bias");
    MixerSpec attention =
        sizes.attention().positions(sizes.rotary(config)).biases(bias, bias).build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"), bias);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return WeightNames.LLAMA.rotatingNeighbours(spec);
  }
}
