package org.promptembeds.model.family;

import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.SlidingWindows;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Qwen 3, dense: normalised queries and keys, a head width of its own. */
final class Qwen3Family implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public String defaults() {
    return """
        {"vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016,
         "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
         "head_dim": 128, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
         "hidden_act": "silu"}""";
  }

  @Override
  public DecoderSpec read(ConfigReader config) {
    Dimensions sizes = Dimensions.read(config);
    NormSpec norm = NormSpec.rms(config.positive("rms_norm_eps"));
    Grouped.Builder attention = sizes.rotaryAttention(config).headNorm(HeadNormSpec.perHead(norm));
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    int[] windows = new int[sizes.layers()];
    SlidingWindows.readUpperLayers(config, windows);
    return sizes.decoder(
        modelType(),
        norm,
        layer -> LayerSpec.pre(norm, attention.window(windows[layer]).build(), feedForward));
  }
}
