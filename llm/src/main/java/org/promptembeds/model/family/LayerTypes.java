package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.promptembeds.model.config.ConfigReader;

/** What kind each layer is: as {@code layer_types} says, or as a family derives it. */
final class LayerTypes {
  static final String FULL = "full_attention";
  static final String SLIDING = "sliding_attention";

  private LayerTypes() {}

  /**
   * Which layers see {@code sliding_window} positions, the others seeing all.
   *
   * @param derived whether a layer does where the configuration has no list
   * @return per layer its window, 0 for all
   */
  static int[] windows(ConfigReader config, int layers, IntPredicate derived) {
    List<String> types =
        read(config, layers, List.of(FULL, SLIDING), layer -> derived.test(layer) ? SLIDING : FULL);
    int window = config.sizeOr("sliding_window", 0);
    if (window == 0 && types.contains(SLIDING)) {
      config.problem(
          "layer %d is \"%s\", but sliding_window is off"
              .formatted(types.indexOf(SLIDING), SLIDING));
    }

    return types.stream().mapToInt(type -> type.equals(SLIDING) ? window : 0).toArray();
  }

  /**
   * Which layers have rotary positions, as {@code no_rope_layers} says by a number that is not 0,
   * or else all but every {@code no_rope_layer_interval}-th.
   */
  static boolean[] rotating(ConfigReader config, int layers) {
    List<Integer> stated = config.integers("no_rope_layers");
    int interval = config.size("no_rope_layer_interval");
    boolean[] rotates = new boolean[layers];
    if (stated != null && !stated.isEmpty() && stated.size() != layers) {
      config.problem(
          "no_rope_layers has %d entries, num_hidden_layers is %d"
              .formatted(stated.size(), layers));
      return rotates;
    }

    for (int layer = 0; layer < layers; layer++) {
      rotates[layer] =
          (stated == null || stated.isEmpty())
              ? (layer + 1) % interval != 0
              : stated.get(layer) != 0;
    }

    return rotates;
  }

  /**
   * One type per layer.
   *
   * @param supported types that the family knows
   * @param derived type of a layer where the configuration has no list
   */
  static List<String> read(
      ConfigReader config, int layers, List<String> supported, IntFunction<String> derived) {
    return read(config, "layer_types", layers, supported, derived);
  }

  /** The same under another key. */
  static List<String> read(
      ConfigReader config,
      String key,
      int layers,
      List<String> supported,
      IntFunction<String> derived) {
    List<String> types = config.texts(key);
    if (types == null) {
      types = new ArrayList<>();
      for (int layer = 0; layer < layers; layer++) {
        types.add(derived.apply(layer));
      }

      return types;
    }

    if (types.size() != layers) {
      config.problem(
          "%s has %d entries, num_hidden_layers is %d".formatted(key, types.size(), layers));
      return Collections.nCopies(layers, supported.get(0));
    }

    for (int layer = 0; layer < layers; layer++) {
      if (!supported.contains(types.get(layer))) {
        config.problem(
            "%s[%d] is \"%s\", supported are %s"
                .formatted(key, layer, types.get(layer), supported));
      }
    }

    return types;
  }
}
