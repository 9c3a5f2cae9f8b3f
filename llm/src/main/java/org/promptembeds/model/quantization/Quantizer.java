package org.promptembeds.model.quantization;

import org.promptembeds.model.quantization.WeightFormat.Floats;
import org.promptembeds.model.quantization.WeightFormat.Fp8;
import org.promptembeds.model.quantization.WeightFormat.Int4;
import org.promptembeds.model.quantization.WeightFormat.Int8;

/** Makes codes of numbers: each becomes the nearest that its row's, or group's, scale allows. */
final class Quantizer {
  private static final int INT8_MAX = 127;
  private static final int INT4_MAX = 15;

  /** The code of half a byte in whose place operators put the zero. */
  private static final int MIDDLE = 8;

  private Quantizer() {}

  /** Rows one after another in a format. */
  static QuantizedRows quantize(float[] values, int columns, WeightFormat format) {
    if (format instanceof Int8) {
      return int8(values, columns);
    } else if (format instanceof Fp8) {
      return fp8(values, columns, false);
    } else if (format instanceof Int4 int4) {
      return int4(values, columns, int4.groupSize());
    }

    throw new IllegalArgumentException("no codes for weights of format " + (Floats) format);
  }

  private static QuantizedRows int8(float[] values, int columns) {
    byte[] codes = new byte[values.length];
    float[] scales = new float[values.length / columns];
    for (int row = 0; row < scales.length; row++) {
      float scale = largest(values, row * columns, columns) / INT8_MAX;
      float inverse = scale == 0 ? 0 : 1 / scale;
      scales[row] = scale;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        codes[i] = (byte) Math.max(-INT8_MAX, Math.min(INT8_MAX, nearest(values[i] * inverse)));
      }
    }

    return new QuantizedRows(columns, codes, CodeBook.SIGNED, scales, null, 1, columns, null);
  }

  /**
   * 8-bit floating-point numbers.
   *
   * @param powers whether scales are powers of two, which change no digit of a number
   */
  static QuantizedRows fp8(float[] values, int columns, boolean powers) {
    byte[] codes = new byte[values.length];
    float[] scales = new float[values.length / columns];
    for (int row = 0; row < scales.length; row++) {
      float scale = largest(values, row * columns, columns) / Float8.MAX;
      if (powers && scale > 0) {
        int exponent = Math.getExponent(scale);
        scale = Math.scalb(1f, scale == Math.scalb(1f, exponent) ? exponent : exponent + 1);
      }

      scales[row] = scale;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        codes[i] = scale == 0 ? 0 : Float8.code(values[i] / scale);
      }
    }

    return new QuantizedRows(columns, codes, CodeBook.E4M3, scales, null, 1, columns, null);
  }

  private static QuantizedRows int4(float[] values, int columns, int groupSize) {
    byte[] codes = new byte[values.length];
    float[] scales = new float[values.length / groupSize];
    float[] zeros = new float[scales.length];
    for (int group = 0; group < scales.length; group++) {
      int first = group * groupSize;
      float low = 0;
      float high = 0;
      for (int i = first; i < first + groupSize; i++) {
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
      }

      float scale = (high - low) / INT4_MAX;
      float inverse = scale == 0 ? 0 : 1 / scale;
      int zero = nearest(-low * inverse);
      scales[group] = scale;
      zeros[group] = zero;
      for (int i = first; i < first + groupSize; i++) {
        codes[i] = (byte) Math.max(0, Math.min(INT4_MAX, nearest(values[i] * inverse) + zero));
      }
    }

    return new QuantizedRows(
        columns, codes, CodeBook.UNSIGNED, scales, zeros, columns / groupSize, groupSize, null);
  }

  /** Ties to even, as PyTorch rounds. */
  private static int nearest(float value) {
    return (int) Math.rint(value);
  }

  private static float largest(float[] values, int first, int count) {
    float largest = 0;
    for (int i = first; i < first + count; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }

    return largest;
  }

  /** Rows in the layout of the format that their codes are of. */
  static MatrixRows layOut(QuantizedRows rows, WeightFormat format) {
    if (!(format instanceof Int4)) {
      return new MatrixRows(rows.codes(), rows.scales(), new float[0]);
    }

    byte[] halves = new byte[rows.codes().length / 2];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (byte) (rows.codes()[2 * i] << 4 | rows.codes()[2 * i + 1]);
    }

    float[] zeros = rows.zeros();
    float[] offsets = new float[rows.scales().length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = (MIDDLE - (zeros == null ? 0 : zeros[i])) * rows.scales()[i];
    }

    return new MatrixRows(halves, rows.scales(), offsets);
  }
}
