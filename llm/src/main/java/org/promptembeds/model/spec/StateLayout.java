package org.promptembeds.model.spec;

import java.util.List;

/**
 * What a block keeps: the only source for the size of the arena and of recurrent state.
 *
 * @param rows rows of a slot of the KV arena, for each position; 0 keeps nothing per position
 * @param width elements of such a row
 * @param recurrent shapes of the tensors kept for each sequence, in float32
 */
public record StateLayout(int rows, int width, List<int[]> recurrent) {
  /** Keeps nothing of its own. */
  public static final StateLayout NONE = new StateLayout(0, 0, List.of());

  public StateLayout {
    recurrent = List.copyOf(recurrent);
  }

  /** Keys and values of every position. */
  public static StateLayout perPosition(int rows, int width) {
    return new StateLayout(rows, width, List.of());
  }

  /** Tensors for each sequence, whatever its length. */
  public static StateLayout perSequence(int[]... shapes) {
    return new StateLayout(0, 0, List.of(shapes));
  }

  /** Elements of a slot. */
  public long slotElements() {
    return (long) rows * width;
  }

  /** Elements kept for each sequence. */
  public long sequenceElements() {
    return recurrent.stream().mapToLong(StateLayout::elements).sum();
  }

  public boolean isRecurrent() {
    return !recurrent.isEmpty();
  }

  private static long elements(int[] shape) {
    long elements = 1;
    for (int size : shape) {
      elements *= size;
    }

    return elements;
  }
}
