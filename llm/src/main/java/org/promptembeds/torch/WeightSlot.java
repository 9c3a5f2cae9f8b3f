package org.promptembeds.torch;

import java.util.Arrays;
import java.util.List;

/**
 * A weight of the decoder as the blocks ask for it, whatever checkpoints call its parts.
 *
 * @param layer its layer; -1 outside the layers
 * @param role as {@code WeightNames} has it, for instance {@code attention.qkv}
 * @param suffix {@code .weight}, {@code .bias} or nothing
 * @param shape rows first, or experts and then rows
 * @param pieces rows that checkpoints may hold apart, stacked in this order
 * @param plus added to every element when it is loaded
 * @param precise whether it is kept in float32, not in the model's type
 * @param linear whether it is the matrix of a linear layer, which may have any format
 */
record WeightSlot(
    int layer,
    String role,
    String suffix,
    long[] shape,
    List<Long> pieces,
    double plus,
    boolean precise,
    boolean linear) {
  WeightSlot {
    pieces = List.copyOf(pieces);
  }

  static WeightSlot of(int layer, String role, String suffix, long... shape) {
    return new WeightSlot(layer, role, suffix, shape, List.of(shape[0]), 0, false, false);
  }

  /** The same weight, which checkpoints may hold in pieces of so many rows. */
  WeightSlot inPieces(Long... rows) {
    return new WeightSlot(layer, role, suffix, shape, List.of(rows), plus, precise, linear);
  }

  WeightSlot withPlus(double number) {
    return new WeightSlot(layer, role, suffix, shape, pieces, number, precise, linear);
  }

  WeightSlot inFloat32(boolean value) {
    return new WeightSlot(layer, role, suffix, shape, pieces, plus, value, linear);
  }

  /** The matrix of a linear layer. */
  WeightSlot ofLinear() {
    return new WeightSlot(layer, role, suffix, shape, pieces, plus, precise, true);
  }

  /** The name under which the blocks ask for it. */
  String path() {
    return path(layer, role) + suffix;
  }

  static String path(int layer, String role) {
    return layer < 0 ? role : "layers." + layer + "." + role;
  }

  long elements() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Rows of all experts together. */
  long rows() {
    return elements() / rowElements();
  }

  /** Elements of one row. */
  long rowElements() {
    return shape.length == 1 ? 1 : shape[shape.length - 1];
  }
}
