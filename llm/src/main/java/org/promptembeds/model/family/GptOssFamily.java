package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.family.WeightNames.Part;
import org.promptembeds.model.spec.Activation;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.RouterSpec;

/** GPT-OSS: attention with sinks, every second layer through a window, and biased experts. */
final class GptOssFamily implements ModelFamily {
  private static final double LIMIT = 7;

  @Override
  public String modelType() {
    return "gpt_oss";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 201088, "hidden_size": 2880, "intermediate_size": 2880,
         "num_hidden_layers": 36, "num_attention_heads": 64, "num_key_value_heads": 8,
         "head_dim": 64, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5,
         "hidden_act": "silu", "num_local_experts": 128, "num_experts_per_tok": 4,
         "sliding_window": 128, "attention_bias": true, "rope_theta": 150000.0,
         "rope_parameters": {"rope_type": "yarn", "rope_theta": 150000.0, "factor": 32.0,
           "beta_fast": 32.0, "beta_slow": 1.0, "truncate": false,
           "original_max_position_embeddings": 4096}}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    config.accept("hidden_act", "silu");
    config.accept("swiglu_limit", LIMIT);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    Grouped.Builder attention = sizes.rotaryAttention(config).sinks(true);
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> layer % 2 == 0);
    Experts experts =
        Experts.of(
                MixtureReader.count(config),
                config.size("num_experts_per_tok"),
                RouterSpec.builder(RouterSpec.Scoring.SOFTMAX_OF_CHOSEN, false).withBias().build(),
                sizes.intermediateSize(),
                Activation.QUICK_GELU)
            .withBias(LIMIT);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> LayerSpec.pre(norm, attention.window(windows[layer]).build(), experts));
  }

  /** Gates and the other projection's rows take turns. */
  @Override
  public WeightNames names() {
    Transform takingTurns = Transform.TRANSPOSED.then(Transform.ordered(Transform.EVEN_FIRST));
    return WeightNames.LLAMA
        .with("attention.sinks", "self_attn.sinks")
        .with("feed_forward.router", "mlp.router")
        .with(
            "feed_forward.experts.gate_up",
            new Part("mlp.experts.gate_up_proj" + WeightNames.WHOLE, takingTurns))
        .with(
            "feed_forward.experts.down",
            new Part("mlp.experts.down_proj" + WeightNames.WHOLE, Transform.TRANSPOSED));
  }
}
