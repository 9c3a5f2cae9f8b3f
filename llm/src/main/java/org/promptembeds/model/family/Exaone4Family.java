package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions;
import org.promptembeds.model.spec.Positions.Rotary;

/** EXAONE 4: norms after the blocks, positions in the layers with a sliding window alone. */
final class Exaone4Family implements ModelFamily {
  @Override
  public String modelType() {
    return "exaone4";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 102400, "hidden_size": 4096, "intermediate_size": 16384,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
         "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "sliding_window": 4096, "sliding_window_pattern": 4, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean slides = config.value("sliding_window") != null;
    boolean listed = config.value("layer_types") != null;
    int pattern = slides && !listed ? config.size("sliding_window_pattern") : 1;
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> (layer + 1) % pattern != 0);
    Grouped.Builder attention = sizes.attention().headNorm(HeadNormSpec.perHead(norm));
    Rotary rotary = sizes.rotary(config);
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(
        modelType(),
        norm,
        layer -> {
          attention.window(windows[layer]);
          attention.positions(slides && windows[layer] == 0 ? Positions.NONE : rotary);
          return LayerSpec.post(norm, attention.build(), feedForward);
        });
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA.normsAfterBlocks();
  }
}
