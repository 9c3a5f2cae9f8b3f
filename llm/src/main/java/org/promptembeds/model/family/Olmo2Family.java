package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** OLMo 2: norms after the blocks, and of all queries and all keys together. */
final class Olmo2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "olmo2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50304, "hidden_size": 4096, "intermediate_size": 11008,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "rms_norm_eps": 1e-5, "hidden_act": "silu", "eos_token_id": 50279}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    MixerSpec attention = attention(config, sizes, norm).positions(sizes.rotary(config)).build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.post(norm, attention, feedForward));
  }

  /** Attention that has yet no positions. */
  static Grouped.Builder attention(ConfigReader config, Dimensions sizes, NormSpec norm) {
    boolean bias = config.flag("attention_bias");
    return sizes
        .attention()
        .biases(bias, bias)
        .headNorm(new HeadNormSpec(norm, HeadNormSpec.Scope.PROJECTION, false));
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA.normsAfterBlocks();
  }
}
