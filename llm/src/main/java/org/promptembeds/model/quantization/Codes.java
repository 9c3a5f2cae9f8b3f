package org.promptembeds.model.quantization;

import org.promptembeds.model.weights.WeightBytes;

/** Where the codes of a matrix lie. */
@FunctionalInterface
interface Codes {
  /** Writes the codes of a row, a byte each, from an offset on. */
  void read(long row, byte[] target, int offset);

  /** A byte each, row by row. */
  static Codes bytes(WeightBytes bytes, int columns) {
    return (row, target, offset) -> bytes.get(row * columns, target, offset, columns);
  }

  /**
   * Half a byte each, row by row.
   *
   * @param lowFirst whether the first of two is the lower half
   */
  static Codes halves(WeightBytes bytes, int columns, boolean lowFirst) {
    int first = lowFirst ? 0 : 4;
    return (row, target, offset) -> {
      for (int column = 0; column < columns; column += 2) {
        int pair = bytes.get((row * columns + column) / 2);
        target[offset + column] = (byte) ((pair >>> first) & 0xf);
        target[offset + column + 1] = (byte) ((pair >>> (4 - first)) & 0xf);
      }
    };
  }

  /**
   * In words of 32 bits along a row, the lowest bits first.
   *
   * @param subtracted from each code
   */
  static Codes words(WeightBytes bytes, int columns, int bits, int subtracted) {
    int perWord = Integer.SIZE / bits;
    int words = (columns + perWord - 1) / perWord;
    int mask = (1 << bits) - 1;
    return (row, target, offset) -> {
      for (int column = 0; column < columns; column++) {
        int word = bytes.getInt(4 * (row * words + column / perWord));
        int code = (word >>> (column % perWord * bits)) & mask;
        target[offset + column] = (byte) (code - subtracted);
      }
    };
  }

  /** In words of 32 bits along a column, the lowest bits first; inputs first, as GPTQ has it. */
  static Codes wordsOfColumns(WeightBytes bytes, int rows, int columns, int bits) {
    int perWord = Integer.SIZE / bits;
    int mask = (1 << bits) - 1;
    return (row, target, offset) -> {
      for (int column = 0; column < columns; column++) {
        int word = bytes.getInt(4 * ((long) (column / perWord) * rows + row));
        target[offset + column] = (byte) ((word >>> (column % perWord * bits)) & mask);
      }
    };
  }
}
