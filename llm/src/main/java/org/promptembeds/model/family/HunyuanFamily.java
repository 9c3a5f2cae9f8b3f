package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Hunyuan, dense: queries and keys are normalised after their rotation. */
final class HunyuanFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "hunyuan_v1_dense";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 290943, "hidden_size": 4096, "intermediate_size": 11008,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "rms_norm_eps": 1e-5, "hidden_act": "silu", "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes
            .rotaryAttention(config)
            .headNorm(new HeadNormSpec(norm, HeadNormSpec.Scope.HEAD, true))
            .build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("attention.q_norm", "self_attn.query_layernorm")
        .with("attention.k_norm", "self_attn.key_layernorm");
  }
}
