package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Command R: attention and feed-forward in parallel after one norm, neighbours rotated. */
final class CohereFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "cohere";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 256000, "hidden_size": 8192, "intermediate_size": 22528,
         "num_hidden_layers": 40, "num_attention_heads": 64, "max_position_embeddings": 8192,
         "layer_norm_eps": 1e-5, "hidden_act": "silu", "logit_scale": 0.0625, "rope_theta": 500000.0,
         "tie_word_embeddings": true, "eos_token_id": 255001}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("layer_norm_eps"), false);
    Grouped.Builder attention = sizes.rotaryAttention(config);
    if (config.flag("use_qk_norm")) {
      attention.headNorm(new HeadNormSpec(norm, HeadNormSpec.Scope.EACH_HEAD, false));
    }

    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    MixerSpec mixer = attention.build();
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()),
        norm,
        HeadSpec.of(sizes.tied()).withScale(config.positive("logit_scale")),
        layer -> LayerSpec.parallel(norm, mixer, norm, feedForward));
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return names(WeightNames.LLAMA, spec);
  }

  /** One norm for both blocks; elements of a head in the order of halves. */
  static WeightNames names(WeightNames names, DecoderSpec spec) {
    Transform halves = Transform.rotaryHalves(spec.attention().headDim(), spec.rotaryDim());
    return names
        .with("feed_forward.norm", "input_layernorm")
        .with("attention.q_norm", halves, "self_attn.q_norm")
        .with("attention.k_norm", halves, "self_attn.k_norm")
        .rotatingNeighbours(spec);
  }
}
