package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** Mixtral: Mistral with a mixture of experts in every layer. */
final class MixtralFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "mixtral";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 1000000.0, "num_local_experts": 8, "num_experts_per_tok": 2,
         "eos_token_id": 2}""";
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
            .build();
    FeedForwardSpec experts =
        MixtureReader.of(
            config, RouterSpec.of(RouterSpec.Scoring.SOFTMAX, true), sizes.intermediateSize());
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, experts));
  }

  @Override
  public WeightNames names() {
    return ExpertNames.MIXTRAL;
  }
}
