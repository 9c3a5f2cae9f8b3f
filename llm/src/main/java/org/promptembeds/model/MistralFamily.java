package org.promptembeds.model;

import java.util.Arrays;
import java.util.List;

/** Mistral 7B and its successors: Llama with a sliding window in every layer. */
final class MistralFamily implements ModelFamily {
  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public ModelDefaults defaults() {
    return new ModelDefaults(32000, 4096, 14336, 32, 32, 8, 0, 4096 * 32, 2);
  }

  @Override
  public void read(ConfigReader config, DecoderConfigBuilder decoder) {
    // An absent window is the default one, a null is none.
    int window = config.has("sliding_window") ? config.size("sliding_window", 0) : 4096;
    Arrays.fill(decoder.slidingWindows, window);

    List<String> layerTypes = config.texts("layer_types");
    String expected = window > 0 ? SlidingWindows.SLIDING : SlidingWindows.FULL;
    if (layerTypes != null && !layerTypes.stream().allMatch(expected::equals)) {
      config.problem("layer_types that differ between layers are not supported for mistral");
    }
  }
}
