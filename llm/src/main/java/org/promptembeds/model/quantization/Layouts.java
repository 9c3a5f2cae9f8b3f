package org.promptembeds.model.quantization;

import java.util.Arrays;
import java.util.List;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;

/** What the tensors of a quantised matrix must be. */
final class Layouts {
  private Layouts() {}

  static void requireType(Weight weight, String... types) {
    if (!List.of(types).contains(weight.typeName())) {
      throw new BackendException(
          "%s has elements of type %s, not %s: convert the model again, or take one that is not quantised"
              .formatted(weight.name(), weight.typeName(), String.join(" or ", types)));
    }
  }

  static void requireShape(Weight weight, long... shape) {
    if (!Arrays.equals(weight.shape(), shape)) {
      throw new BackendException(
          "%s has the shape %s, but its packing needs %s: convert the model again, or take one that is not quantised"
              .formatted(weight.name(), Arrays.toString(weight.shape()), Arrays.toString(shape)));
    }
  }

  /** All experts' rows together. */
  static int rows(long[] shape) {
    return Math.toIntExact(shape.length == 3 ? Math.multiplyExact(shape[0], shape[1]) : shape[0]);
  }

  static int columns(long[] shape) {
    return Math.toIntExact(shape[shape.length - 1]);
  }
}
