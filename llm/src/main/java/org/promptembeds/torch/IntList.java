package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  void addAll(int[] added) {
    reserve(added.length);
    System.arraycopy(added, 0, values, size, added.length);
    size += added.length;
  }

  /** Appends each number as two, its lower half first. */
  void addHalves(long[] added) {
    reserve(2 * added.length);
    for (long number : added) {
      values[size++] = (int) number;
      values[size++] = (int) (number >>> Integer.SIZE);
    }
  }

  /** Appends {@code value} as often as {@code count} says. */
  void repeat(int value, int count) {
    reserve(count);
    Arrays.fill(values, size, size + count, value);
    size += count;
  }

  private void reserve(int count) {
    if (size + count > values.length) {
      values = Arrays.copyOf(values, Math.max(size + count, 2 * size));
    }
  }

  /** Replaces the value at {@code index}, which must be there. */
  void set(int index, int value) {
    values[index] = value;
  }

  int get(int index) {
    return values[index];
  }

  void clear() {
    size = 0;
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
