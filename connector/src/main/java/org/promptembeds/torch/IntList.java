package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }

    values[size++] = value;
  }

  int size() {
    return size;
  }

  /** Appends the values to {@code target}, in its byte order. */
  void copyTo(ByteBuffer target) {
    target.asIntBuffer().put(values, 0, size);
    target.position(target.position() + size * Integer.BYTES);
  }
}
