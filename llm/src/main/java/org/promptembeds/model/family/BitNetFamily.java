package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** BitNet b1.58 with unpacked weights: more norms, the gate a squared ReLU. */
final class BitNetFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "bitnet";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 128256, "hidden_size": 2560, "intermediate_size": 6912,
         "num_hidden_layers": 30, "num_attention_heads": 20, "num_key_value_heads": 5,
         "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "hidden_act": "relu2",
         "rope_theta": 500000.0, "eos_token_id": 128001}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention = sizes.rotaryAttention(config).outputNorm(norm).build();
    Gated feedForward =
        new Gated(sizes.intermediateSize(), config.activation("hidden_act"), false, false, norm);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("attention.inner_norm", "self_attn.attn_sub_norm")
        .with("feed_forward.inner_norm", "mlp.ffn_sub_norm");
  }
}
