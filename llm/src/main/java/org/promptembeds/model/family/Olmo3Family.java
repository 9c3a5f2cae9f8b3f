package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Rotary;

/** OLMo 3: OLMo 2 with a sliding window in three of four layers, whose positions are not scaled. */
final class Olmo3Family implements ModelFamily {
  private static final double SLIDING_THETA = 500_000;

  @Override
  public String modelType() {
    return "olmo3";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 50304, "hidden_size": 4096, "intermediate_size": 11008,
         "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 2048,
         "rms_norm_eps": 1e-5, "hidden_act": "silu", "rope_theta": 500000.0, "sliding_window": 4096,
         "eos_token_id": 50279}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps")).inFullPrecision();
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> (layer + 1) % 4 != 0);
    Grouped.Builder attention = Olmo2Family.attention(config, sizes, norm);
    Rotary full = sizes.rotary(config, LayerTypes.FULL, config.positive("rope_theta"));
    Rotary sliding = sizes.rotary(config, LayerTypes.SLIDING, SLIDING_THETA);
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(
        modelType(),
        norm,
        layer -> {
          attention.window(windows[layer]).positions(windows[layer] > 0 ? sliding : full);
          return LayerSpec.post(norm, attention.build(), feedForward);
        });
  }

  @Override
  public WeightNames names() {
    return WeightNames.LLAMA.normsAfterBlocks();
  }
}
