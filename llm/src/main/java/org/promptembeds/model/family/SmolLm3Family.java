package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Rotary;

/** SmolLM 3: Llama without positions in every fourth layer. */
final class SmolLm3Family implements ModelFamily {
  @Override
  public String modelType() {
    return "smollm3";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 11008,
         "num_hidden_layers": 36, "num_attention_heads": 16, "num_key_value_heads": 4,
         "max_position_embeddings": 32768, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "rope_theta": 2000000.0, "no_rope_layer_interval": 4, "tie_word_embeddings": true,
         "eos_token_id": 128001}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean[] rotates = LayerTypes.rotating(config, sizes.layers());
    boolean slides = config.flag("use_sliding_window") && config.value("sliding_window") != null;
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> slides && !rotates[layer]);
    Grouped.Builder attention = sizes.rotaryAttention(config);
    Rotary rotary = sizes.rotary(config);
    Gated feedForward = sizes.gated(config);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> {
          attention.window(windows[layer]).positions(rotates[layer] ? rotary : Positions.NONE);
          return LayerSpec.pre(norm, attention.build(), feedForward);
        });
  }
}
