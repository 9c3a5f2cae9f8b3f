package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Xielu;

/** Apertus: normalised queries and keys, no gate, an activation with learned parameters. */
final class ApertusFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "apertus";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 131072, "hidden_size": 4096, "intermediate_size": 14336,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 65536,
         "rms_norm_eps": 1e-5, "hidden_act": "xielu", "eos_token_id": 2, "rope_theta": 12000000.0,
         "rope_parameters": {"rope_type": "llama3", "rope_theta": 12000000.0, "factor": 8.0,
           "original_max_position_embeddings": 8192, "low_freq_factor": 1.0, "high_freq_factor": 4.0}}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    config.accept("hidden_act", "xielu");
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes.rotaryAttention(config).headNorm(HeadNormSpec.perHead(norm)).build();
    Xielu feedForward = new Xielu(sizes.intermediateSize());
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("attention.norm", "attention_layernorm")
        .with("feed_forward.norm", "feedforward_layernorm")
        .with("feed_forward.alpha_p", "mlp.act_fn.alpha_p")
        .with("feed_forward.alpha_n", "mlp.act_fn.alpha_n")
        .with("feed_forward.beta", "mlp.act_fn.beta")
        .with("feed_forward.eps", "mlp.act_fn.eps");
  }
}
