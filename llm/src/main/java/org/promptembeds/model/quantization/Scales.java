package org.promptembeds.model.quantization;

import org.promptembeds.model.weights.WeightBytes;
import org.promptembeds.model.weights.WeightNumbers;

/** Where the scales of a matrix lie, or its zeros. */
@FunctionalInterface
interface Scales {
  /** The number of a group of a row. */
  float of(long row, int group);

  /** The same for all. */
  static Scales constant(float number) {
    return (row, group) -> number;
  }

  /** Inputs first: a row of numbers for each group. */
  static Scales ofColumns(WeightNumbers numbers, int rows) {
    return (row, group) -> numbers.get((long) group * rows + row);
  }

  /** 8-bit floating-point numbers, row by row, multiplied by one number. */
  static Scales float8(WeightBytes bytes, int groups, float factor) {
    return (row, group) -> (float) Float8.value(bytes.get(row * groups + group) & 0xff) * factor;
  }

  /** Powers of two, row by row: of each the exponent, with 127 added; 255 is not a number. */
  static Scales powers(WeightBytes bytes, int groups) {
    return (row, group) -> {
      int exponent = bytes.get(row * groups + group) & 0xff;
      return exponent == 0xff ? Float.NaN : Math.scalb(1f, exponent - 127);
    };
  }
}
