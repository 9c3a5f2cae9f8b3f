package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Plain;

/** Phi 1, 1.5 and 2: attention and feed-forward in parallel after one norm, biases everywhere. */
final class PhiFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "phi";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 51200, "hidden_size": 2048, "intermediate_size": 8192,
         "num_hidden_layers": 24, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "layer_norm_eps": 1e-5, "hidden_act": "gelu_new", "partial_rotary_factor": 0.5,
         "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("layer_norm_eps"), true);
    MixerSpec attention =
        sizes
            .attention()
            .positions(sizes.rotary(config))
            .biases(true, true)
            .headNorm(headNorm(config, norm))
            .build();
    Plain feedForward = new Plain(sizes.intermediateSize(), config.activation("hidden_act"), true);
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()),
        norm,
        HeadSpec.of(sizes.tied()).withBias(true),
        layer -> LayerSpec.parallel(norm, attention, norm, feedForward));
  }

  /** Of each head, if {@code qk_layernorm} says so. */
  static HeadNormSpec headNorm(ConfigReader config, NormSpec norm) {
    return config.flag("qk_layernorm") ? HeadNormSpec.perHead(norm) : HeadNormSpec.NONE;
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA
        .with("norm", "final_layernorm")
        .with("attention.q_norm", "self_attn.q_layernorm")
        .with("attention.k_norm", "self_attn.k_layernorm")
        .with("attention.output", "self_attn.dense")
        .with("feed_forward.norm", "input_layernorm")
        .with("feed_forward.up", "mlp.fc1")
        .with("feed_forward.down", "mlp.fc2");
  }
}
