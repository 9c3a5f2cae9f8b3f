package org.promptembeds.torch;

import java.util.Map;
import java.util.stream.Collectors;
import org.promptembeds.model.quantization.WeightFormat;

/**
 * The format of every weight of a model.
 *
 * @param byPath of those that are not kept as floating-point numbers; see {@link WeightSlot#path}
 * @param packed whether oneDNN orders the others of linear layers as it reads them
 */
record WeightFormats(Map<String, WeightFormat> byPath, boolean packed) {
  static final WeightFormats FLOATS = new WeightFormats(Map.of(), false);

  WeightFormats {
    byPath = Map.copyOf(byPath);
  }

  /** What follows the name of the floating-point type in a line that says how a model runs. */
  String description() {
    return byPath.isEmpty()
        ? ""
        : byPath.values().stream()
            .map(WeightFormat::toString)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" and ", " with ", " weights"));
  }

  /** The format of a weight, its path without {@code .weight}. */
  WeightFormat of(String path) {
    return byPath.getOrDefault(path, WeightFormat.FLOATS);
  }
}
