package org.promptembeds.generation;

import java.util.Arrays;

/**
 * Where the rows of a prompt stand, for models whose tokens turn with three positions: that of a
 * frame, of a row and of a column of what they show (M-RoPE). A prompt of plain text needs none.
 *
 * <p>The token after the prompt, and each one after it, goes on from the largest position + 1 on
 * all three.
 */
public final class PromptPositions {
  /** Positions per row. */
  public static final int AXES = 3;

  /** Rows that stand where they come. */
  public static final PromptPositions NONE = new PromptPositions(new int[0]);

  /** Largest position, up to which a float holds every integer. */
  private static final int MAX_POSITION = (1 << 24) - 1;

  private final int[] positions; // length, AXES
  private final int next;

  private PromptPositions(int[] positions) {
    this.positions = positions;
    this.next = Arrays.stream(positions).max().orElse(-1) + 1;
  }

  /**
   * Rows at positions of their own.
   *
   * @param positionIds the positions of all rows, as the library of the model computes them:
   *     frames, rows and columns
   * @throws IllegalArgumentException if they are not three lists of one length, or a position is
   *     out of bounds
   */
  public static PromptPositions of(int[][] positionIds) {
    if (positionIds.length != AXES) {
      throw new IllegalArgumentException(
          "position_ids are %d lists, not 3: pass those of frames, rows and columns"
              .formatted(positionIds.length));
    }

    int length = positionIds[0].length;
    int[] positions = new int[AXES * length];
    for (int axis = 0; axis < AXES; axis++) {
      if (positionIds[axis].length != length) {
        throw new IllegalArgumentException(
            "position_ids have %d positions in the first list and %d in list %d: pass one per row of the prompt in each"
                .formatted(length, positionIds[axis].length, axis + 1));
      }

      for (int i = 0; i < length; i++) {
        int position = positionIds[axis][i];
        if (position < 0 || position > MAX_POSITION) {
          throw new IllegalArgumentException(
              "position_ids[%d][%d] must be in [0, %d], got %d"
                  .formatted(axis, i, MAX_POSITION, position));
        }

        positions[AXES * i + axis] = position;
      }
    }

    return new PromptPositions(positions);
  }

  /** Whether rows stand where they come. */
  public boolean isNone() {
    return positions.length == 0;
  }

  /** Whether a row stands where {@code other} has it. */
  boolean isSame(int row, PromptPositions other) {
    return position(row, 0) == other.position(row, 0)
        && position(row, 1) == other.position(row, 1)
        && position(row, 2) == other.position(row, 2);
  }

  /** The same for the first rows alone. */
  PromptPositions first(int rows) {
    return isNone() ? NONE : new PromptPositions(Arrays.copyOf(positions, AXES * rows));
  }

  /** Rows of the prompt; 0 if all stand where they come. */
  public int length() {
    return positions.length / AXES;
  }

  /**
   * One of the three positions of a row or of a token behind the prompt.
   *
   * @param index counted from the start of the prompt
   * @param axis 0 for the frame, 1 for the row, 2 for the column
   */
  public int position(int index, int axis) {
    return index < length() ? positions[AXES * index + axis] : next + index - length();
  }
}
