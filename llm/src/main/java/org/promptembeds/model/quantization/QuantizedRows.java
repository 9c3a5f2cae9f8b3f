package org.promptembeds.model.quantization;

import org.jspecify.annotations.Nullable;

/**
 * Rows of a matrix as codes of a byte each: an element is {@code (book(code) - zero) * scale},
 * scale and zero being those of its row's group.
 *
 * @param columns elements of a row
 * @param codes row by row
 * @param book what a code stands for
 * @param scales of the groups, row by row
 * @param zeros of the groups, row by row; null if they are all 0
 * @param groups of a row
 * @param groupSize columns of a group, of which the last may have fewer
 * @param groupOf group of each column; null if columns of a group are neighbours
 */
record QuantizedRows(
    int columns,
    byte[] codes,
    CodeBook book,
    float[] scales,
    float @Nullable [] zeros,
    int groups,
    int groupSize,
    int @Nullable [] groupOf) {
  private int rows() {
    return codes.length / columns;
  }

  private int group(int column) {
    return groupOf == null ? column / groupSize : groupOf[column];
  }

  /** The elements, row by row. */
  float[] floats() {
    float[] values = new float[codes.length];
    for (int row = 0, i = 0; row < rows(); row++) {
      int first = row * groups;
      for (int column = 0; column < columns; column++, i++) {
        int group = first + group(column);
        float value = book.value(codes[i]);
        values[i] = (zeros == null ? value : value - zeros[group]) * scales[group];
      }
    }

    return values;
  }
}
