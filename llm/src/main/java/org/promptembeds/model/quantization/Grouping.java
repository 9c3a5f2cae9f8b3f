package org.promptembeds.model.quantization;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.model.weights.WeightBytes;

/**
 * Which columns of a matrix share a scale.
 *
 * @param groups of a row
 * @param size columns of a group, of which the last may have fewer
 * @param groupOf group of each column; null if columns of a group are neighbours
 */
record Grouping(int groups, int size, int @Nullable [] groupOf) {
  /** Columns of a row in groups of neighbours. */
  static Grouping of(int groups, int size) {
    return new Grouping(groups, size, null);
  }

  /**
   * Groups of as many columns, all of them neighbours.
   *
   * @throws BackendException naming the tensor of scales if columns cannot be divided so
   */
  static Grouping dividing(Weight scales, int columns, long groups) {
    if (groups < 1 || groups > columns || columns % groups != 0) {
      throw new BackendException(
          "%s has %d scales for the %d inputs of a row, which they cannot share evenly: convert the model again"
              .formatted(scales.name(), groups, columns));
    }

    return of((int) groups, (int) (columns / groups));
  }

  /**
   * The same groups with columns as a tensor of their numbers says.
   *
   * @throws BackendException if it names groups that are not there
   */
  Grouping ordered(Weight index, int columns) {
    Layouts.requireType(index, "I32");
    Layouts.requireShape(index, columns);
    WeightBytes bytes = new WeightBytes(index);
    int[] order = new int[columns];
    for (int column = 0; column < columns; column++) {
      order[column] = bytes.getInt(4L * column);
      if (order[column] < 0 || order[column] >= groups) {
        throw new BackendException(
            "%s puts input %d into group %d of %d: the file is damaged, download or convert it again"
                .formatted(index.name(), column, order[column], groups));
      }
    }

    int[] neighbours = new int[columns];
    Arrays.setAll(neighbours, column -> column / size);
    return Arrays.equals(order, neighbours) ? this : new Grouping(groups, size, order);
  }

  /** The format of half bytes of these groups; floats if there is none. */
  WeightFormat int4() {
    boolean known = size >= 32 && size <= 256 && Integer.bitCount(size) == 1;
    return groupOf == null && known ? new WeightFormat.Int4(size) : WeightFormat.FLOATS;
  }
}
