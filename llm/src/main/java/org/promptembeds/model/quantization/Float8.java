package org.promptembeds.model.quantization;

/**
 * 8-bit floating-point numbers of 4 bits of exponent, 3 of mantissa and no infinities, which
 * PyTorch calls {@code float8_e4m3fn} (arXiv:2209.05433).
 */
final class Float8 {
  /** The largest number. */
  static final float MAX = 448;

  private static final int NAN = 0x7f;
  private static final int BIAS = 7;
  private static final int MANTISSA_BITS = 3;

  private Float8() {}

  /** The number of a code of 8 bits. */
  static double value(int code) {
    int exponent = (code >>> MANTISSA_BITS) & 0xf;
    int mantissa = code & 7;
    double magnitude =
        exponent == 0 ? mantissa * 0x1p-9 : (1 + mantissa / 8.0) * Math.scalb(1.0, exponent - BIAS);
    if ((code & NAN) == NAN) {
      return Double.NaN;
    }

    return (code & 0x80) == 0 ? magnitude : -magnitude;
  }

  /** The code of the nearest number, of two the one with an even code; beyond the largest, that. */
  static byte code(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 24) & 0x80;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (byte) (sign | NAN);
    }

    if (magnitude >= MAX) {
      return (byte) (sign | 0x7e);
    }

    if (magnitude < 0x1p-6f) { // multiples of 2^-9, which adding 2^14 rounds to
      int steps = Float.floatToRawIntBits(magnitude + 0x1p14f) - Float.floatToRawIntBits(0x1p14f);
      return (byte) (sign | steps);
    }

    int magnitudeBits = bits & 0x7fffffff;
    int shift = 23 - MANTISSA_BITS;
    int rounded = magnitudeBits + (1 << (shift - 1)) - 1 + ((magnitudeBits >>> shift) & 1);
    return (byte) (sign | ((rounded >>> shift) - ((127 - BIAS) << MANTISSA_BITS)));
  }
}
