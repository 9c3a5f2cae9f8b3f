package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.SpanSight;

/** Gemma 3, text: five of six layers sliding, with positions of their own. */
final class Gemma3Family implements ModelFamily {
  @Override
  public String modelType() {
    return "gemma3_text";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 262208, "hidden_size": 2304, "intermediate_size": 9216,
         "num_hidden_layers": 26, "num_attention_heads": 8, "num_key_value_heads": 4,
         "head_dim": 256, "max_position_embeddings": 131072, "rms_norm_eps": 1e-6,
         "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 256,
         "sliding_window": 4096, "sliding_window_pattern": 6, "rope_theta": 1000000.0,
         "rope_local_base_freq": 10000.0, "tie_word_embeddings": true, "eos_token_id": 1}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    config.accept("use_bidirectional_attention", false);
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.centredRms(config.positive("rms_norm_eps"));
    int pattern = config.size("sliding_window_pattern");
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> (layer + 1) % pattern != 0);
    Rotary full = sizes.rotary(config, LayerTypes.FULL, config.positive("rope_theta"));
    Rotary sliding =
        sizes.rotary(config, LayerTypes.SLIDING, config.positive("rope_local_base_freq"));
    boolean bias = config.flag("attention_bias");
    Grouped.Builder attention =
        sizes
            .attention()
            .biases(bias, bias)
            .headNorm(HeadNormSpec.perHead(norm))
            .spans(SpanSight.IN_WINDOW)
            .scale(Math.pow(config.positive("query_pre_attn_scalar"), -0.5));
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_activation"));
    return sizes.decoder(
        modelType(),
        GemmaFamily.embedding(sizes),
        norm,
        GemmaFamily.cappedHead(config, sizes),
        layer -> {
          attention.window(windows[layer]).positions(windows[layer] > 0 ? sliding : full);
          return LayerSpec.sandwich(norm, attention.build(), feedForward);
        });
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA.normsAroundBlocks();
  }
}
