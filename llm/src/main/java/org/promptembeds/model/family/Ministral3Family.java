package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.RotaryParameters;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.QueryScaling;

/** Ministral 3: Mistral whose queries grow with their position. */
final class Ministral3Family implements ModelFamily {
  @Override
  public String modelType() {
    return "ministral3";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 131072, "hidden_size": 4096, "intermediate_size": 14336,
     "num_hidden_layers": 34, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
     "max_position_embeddings": 262144, "rms_norm_eps": 1e-5, "hidden_act": "silu",
     "eos_token_id": 2, "rope_parameters": {"rope_type": "yarn", "rope_theta": 1000000.0,
       "factor": 16.0, "original_max_position_embeddings": 16384, "beta_fast": 32.0,
       "beta_slow": 1.0, "mscale_all_dim": 1.0, "mscale": 1.0, "llama_4_scaling_beta": 0.1}}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .window(config.sizeOr("sliding_window", 0))
            .queryScaling(queryScaling(config, sizes.maxPositions()))
            .build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  /** By {@code llama_4_scaling_beta}. */
  static QueryScaling queryScaling(ConfigReader config, int maxPositions) {
    ConfigReader rotary = RotaryParameters.find(config);
    Double beta = rotary == null ? null : rotary.number("llama_4_scaling_beta", 0);
    return rotary == null || beta == null
        ? QueryScaling.NONE
        : new QueryScaling(
            beta, rotary.sizeOr("original_max_position_embeddings", maxPositions), 0);
  }
}
