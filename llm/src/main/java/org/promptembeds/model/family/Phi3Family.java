package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Phi 3 and 4: Llama with fused projections, long contexts by LongRoPE. */
final class Phi3Family implements ModelFamily {
  @Override
  public String modelType() {
    return "phi3";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32064, "hidden_size": 3072, "intermediate_size": 8192,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 4096,
         "original_max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "eos_token_id": 32000}""";
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
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("attention.qkv", "self_attn.qkv_proj")
        .with("feed_forward.gate_up", "mlp.gate_up_proj");
  }
}
