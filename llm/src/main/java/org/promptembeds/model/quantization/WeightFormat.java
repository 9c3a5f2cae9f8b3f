package org.promptembeds.model.quantization;

import java.util.Locale;

/** The form in which a device keeps the matrix of a linear layer. */
public sealed interface WeightFormat {
  /** In the model's own floating-point type. */
  record Floats() implements WeightFormat {
    @Override
    public double bytes(long rows, long columns, int floatBytes) {
      return (double) rows * columns * floatBytes;
    }

    @Override
    public String toString() {
      return "float";
    }
  }

  /** Signed bytes, a scale for each row. */
  record Int8() implements WeightFormat {
    @Override
    public double bytes(long rows, long columns, int floatBytes) {
      return (double) rows * columns + rows * Float.BYTES;
    }

    @Override
    public String toString() {
      return "int8";
    }
  }

  /**
   * Half bytes, a scale and a zero for each group of a row.
   *
   * @param groupSize elements of a group
   */
  record Int4(int groupSize) implements WeightFormat {
    /** What is made of floating-point weights. */
    static final Int4 USUAL = new Int4(128);

    public Int4 {
      if (groupSize < 16 || Integer.bitCount(groupSize) != 1) {
        throw new IllegalArgumentException(
            "groupSize must be a power of two of at least 16, got " + groupSize);
      }
    }

    @Override
    public double bytes(long rows, long columns, int floatBytes) {
      return rows * (columns / 2.0 + (double) columns / groupSize * 2 * Float.BYTES);
    }

    @Override
    public String toString() {
      return "int4";
    }
  }

  /** 8-bit floating-point numbers (E4M3), a scale for each row. */
  record Fp8() implements WeightFormat {
    @Override
    public double bytes(long rows, long columns, int floatBytes) {
      return (double) rows * columns + rows * Float.BYTES;
    }

    @Override
    public String toString() {
      return "fp8";
    }
  }

  WeightFormat FLOATS = new Floats();
  WeightFormat INT8 = new Int8();
  WeightFormat INT4 = Int4.USUAL;
  WeightFormat FP8 = new Fp8();

  /**
   * Memory of a matrix.
   *
   * @param floatBytes bytes of an element of the model's own type
   */
  double bytes(long rows, long columns, int floatBytes);

  /**
   * The format of that name: {@code int8}, {@code int4} or {@code fp8}.
   *
   * @throws IllegalArgumentException if there is none
   */
  static WeightFormat of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "int8" -> INT8;
      case "int4" -> INT4;
      case "fp8" -> FP8;
      default -> throw new IllegalArgumentException("no format of weights is called " + name);
    };
  }
}
