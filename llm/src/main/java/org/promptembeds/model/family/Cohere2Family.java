package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.EmbeddingSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Rotary;

/** Command R7B and A: Cohere whose layers with a sliding window alone have positions. */
final class Cohere2Family implements ModelFamily {
  @Override
  public String modelType() {
    return "cohere2";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 256000, "hidden_size": 8192, "intermediate_size": 22528,
         "num_hidden_layers": 40, "num_attention_heads": 64, "max_position_embeddings": 8192,
         "layer_norm_eps": 1e-5, "hidden_act": "silu", "logit_scale": 0.0625, "sliding_window": 4096,
         "sliding_window_pattern": 4, "tie_word_embeddings": true, "eos_token_id": 255001}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.layer(config.positive("layer_norm_eps"), false);
    int pattern = config.size("sliding_window_pattern");
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> (layer + 1) % pattern != 0);
    Grouped.Builder attention = sizes.rotaryAttention(config);
    Rotary rotary = sizes.rotary(config);
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(
        modelType(),
        EmbeddingSpec.plain(sizes.hiddenSize()),
        norm,
        HeadSpec.of(sizes.tied()).withScale(config.positive("logit_scale")),
        layer -> {
          attention.window(windows[layer]);
          attention.positions(windows[layer] > 0 ? rotary : Positions.NONE);
          return LayerSpec.parallel(norm, attention.build(), norm, feedForward);
        });
  }

  @Override
  public WeightNames names(DecoderSpec spec) {
    return CohereFamily.names(WeightNames.LLAMA, spec);
  }
}
