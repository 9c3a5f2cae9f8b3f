package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** Persimmon: queries, keys and values of a head side by side, half of each head rotated. */
final class PersimmonFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "persimmon";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 262144, "hidden_size": 4096, "intermediate_size": 16384,
         "num_hidden_layers": 36, "num_attention_heads": 64, "max_position_embeddings": 16384,
         "layer_norm_eps": 1e-5, "hidden_act": "relu2", "qk_layernorm": true,
         "partial_rotary_factor": 0.5, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("layer_norm_eps"), true);
    MixerSpec attention =
        Grouped.builder(sizes.heads(), sizes.heads(), sizes.headDim())
            .positions(sizes.rotary(config))
            .biases(true, true)
            .headNorm(PhiFamily.headNorm(config, norm))
            .build();
    Plain feedForward = new Plain(sizes.intermediateSize(), config.activation("hidden_act"), true);
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return GptParts.FUSED_NAMES
        .with("norm", "final_layernorm")
        .with("attention.qkv", GptParts.perHead(spec), "self_attn.query_key_value")
        .with("attention.q_norm", "self_attn.q_layernorm")
        .with("attention.k_norm", "self_attn.k_layernorm")
        .with("attention.output", "self_attn.dense");
  }
}
