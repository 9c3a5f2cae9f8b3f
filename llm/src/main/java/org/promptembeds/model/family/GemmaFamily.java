package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.SpanSight;

/** Gemma 1: norms around one, tokens scaled, wide heads. */
final class GemmaFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "gemma";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 256000, "hidden_size": 3072, "intermediate_size": 24576,
         "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 16,
         "head_dim": 256, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6,
         "hidden_act": "gelu_pytorch_tanh", "tie_word_embeddings": true, "eos_token_id": 1}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    config.accept("use_bidirectional_attention", false);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.centredRms(config.positive("rms_norm_eps"));
    MixerSpec attention = sizes.rotaryAttention(config).spans(SpanSight.WHOLE).build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(
        modelType(),
        embedding(sizes),
        norm,
        HeadSpec.of(sizes.tied()),
        layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  /** Rows of the table are scaled; prompt embeddings are not. */
  static EmbeddingSpec embedding(Dimensions sizes) {
    return EmbeddingSpec.plain(sizes.hiddenSize()).withTokenScale(Math.sqrt(sizes.hiddenSize()));
  }

  /** Logits capped as {@code final_logit_softcapping} says. */
  static HeadSpec cappedHead(ConfigReader config, Dimensions sizes) {
    return HeadSpec.of(sizes.tied()).withSoftCap(config.positive("final_logit_softcapping", 0));
  }
}
