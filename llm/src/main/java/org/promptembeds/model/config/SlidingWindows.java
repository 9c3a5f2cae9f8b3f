package org.promptembeds.model.config;

import java.util.List;

/** Which layers see a sliding window, as {@code layer_types} and its forerunners say. */
public final class SlidingWindows {
  public static final String FULL = "full_attention";
  public static final String SLIDING = "sliding_attention";

  private SlidingWindows() {}

  /**
   * The Qwen dialect: {@code use_sliding_window} switches {@code sliding_window} on for the layers
   * that {@code layer_types} names, or else for those from {@code max_window_layers} up.
   *
   * @param windows one per layer, set to 0 for a layer that sees everything
   */
  public static void readUpperLayers(ConfigReader config, int[] windows) {
    boolean use = config.flag("use_sliding_window", false);
    boolean absent = !config.states("sliding_window");
    int window = use ? (absent ? 4096 : config.sizeOr("sliding_window", 0)) : 0;
    int firstLayer = config.value("max_window_layers") == null ? 28 : firstLayer(config);
    List<String> layerTypes = config.texts("layer_types");
    if (layerTypes != null) {
      readLayerTypes(config, layerTypes, window, windows);
      return;
    }

    for (int layer = 0; layer < windows.length; layer++) {
      windows[layer] = layer >= firstLayer ? window : 0;
    }
  }

  private static int firstLayer(ConfigReader config) {
    Double layer = config.number("max_window_layers", 0);
    return layer == null ? 0 : layer.intValue();
  }

  private static void readLayerTypes(
      ConfigReader config, List<String> layerTypes, int window, int[] windows) {
    if (layerTypes.size() != windows.length) {
      config.problem(
          "layer_types has %d entries, num_hidden_layers is %d"
              .formatted(layerTypes.size(), windows.length));
      return;
    }

    for (int layer = 0; layer < windows.length; layer++) {
      String type = layerTypes.get(layer);
      boolean sliding = type.equals(SLIDING);
      if (!sliding && !type.equals(FULL)) {
        config.problem(
            "layer_types[%d] is \"%s\", supported are %s and %s"
                .formatted(layer, type, FULL, SLIDING));
        return;
      }

      if (sliding && window == 0) {
        config.problem(
            "layer_types[%d] is \"%s\", but sliding_window is off".formatted(layer, SLIDING));
        return;
      }

      windows[layer] = sliding ? window : 0;
    }
  }
}
