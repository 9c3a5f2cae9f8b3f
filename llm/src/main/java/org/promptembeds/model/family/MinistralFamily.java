package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Ministral of 2024: Llama with a sliding window in some layers. */
final class MinistralFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "ministral";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 131072, "rms_norm_eps": 1e-6, "hidden_act": "silu",
         "sliding_window": 4096, "eos_token_id": 2}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {

    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    boolean slides = config.value("sliding_window") != null;
    int[] windows = LayerTypes.windows(config, sizes.layers(), layer -> slides);
    Grouped.Builder attention = sizes.attention().positions(sizes.rotary(config));
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(
        modelType(),
        norm,
        layer -> LayerSpec.pre(norm, attention.window(windows[layer]).build(), feedForward));
  }
}
