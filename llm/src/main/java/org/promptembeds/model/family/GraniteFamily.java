package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.FeedForwardSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Granite 3: Llama with multipliers on embeddings, scores, residuals and logits. */
final class GraniteFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "granite";
  }

  @Override
  public String defaults() {
    return """
    {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
     "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
     "rms_norm_eps": 1e-6, "hidden_act": "silu", "embedding_multiplier": 1.0,
     "logits_scaling": 1.0, "residual_multiplier": 1.0, "attention_multiplier": 1.0,
     "eos_token_id": 2}\
    """;
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    return decoder(modelType(), config, sizes, sizes.gated(config));
  }

  /** A decoder with the multipliers. */
  static DecoderSpec decoder(
      String modelType, ConfigReader config, Dimensions sizes, FeedForwardSpec feedForward) {
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    MixerSpec attention =
        sizes.rotaryAttention(config).scale(config.positive("attention_multiplier")).build();
    LayerSpec layer =
        LayerSpec.pre(norm, attention, feedForward).scaled(config.positive("residual_multiplier"));
    return sizes.decoder(
        modelType,
        EmbeddingSpec.plain(sizes.hiddenSize())
            .withInputScale(config.positive("embedding_multiplier")),
        norm,
        HeadSpec.of(sizes.tied()).withScale(1 / config.positive("logits_scaling")),
        number -> layer);
  }
}
