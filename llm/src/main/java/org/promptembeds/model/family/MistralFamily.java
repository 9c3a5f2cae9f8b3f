package org.promptembeds.model.family;

import java.util.List;
import org.promptembeds.model.config.ConfigReader;
import org.promptembeds.model.config.SlidingWindows;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.LayerSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;

/** Mistral 7B and its successors: Llama with a sliding window in every layer. */
final class MistralFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "mistral";
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
    MixerSpec attention =
        sizes.attention().positions(sizes.rotary(config)).window(window(config)).build();
    Gated feedForward = new Gated(sizes.intermediateSize(), config.activation("hidden_act"));
    return sizes.decoder(modelType(), norm, layer -> LayerSpec.pre(norm, attention, feedForward));
  }

  /** An absent window is the default one, a null is none. */
  private static int window(ConfigReader config) {
    int window = config.sizeOr("sliding_window", 0);
    List<String> layerTypes = config.texts("layer_types");
    String expected = window > 0 ? SlidingWindows.SLIDING : SlidingWindows.FULL;
    if (layerTypes != null && !layerTypes.stream().allMatch(expected::equals)) {
      config.problem("layer_types that differ between layers are not supported for mistral");
    }

    return window;
  }
}
