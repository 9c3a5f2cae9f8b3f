package org.promptembeds.tensor;

/**
 * Conversions between float32 and the 16-bit floating-point types; to 16 bits they round to the
 * nearest value, ties to even, and NaN stays NaN.
 */
public final class FloatBits {
  private FloatBits() {}

  /** Value of an IEEE 754 binary16. */
  public static float fromHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }

    int bits = exponent == 0x1f ? 0x7f800000 : (exponent + 127 - 15) << 23;
    return Float.intBitsToFloat(sign | bits | (mantissa << 13));
  }

  /** The binary16 nearest to {@code value}. */
  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) { // NaN: keep the upper payload, stay quiet
      return (short) (sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff));
    }

    if (magnitude >= 0x477ff000) { // 65520 and above round to infinity
      return (short) (sign | 0x7c00);
    }

    if (magnitude < 0x38800000) { // below 2^-14: a multiple of 2^-24, which adding 0.5f rounds to
      float scaled = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(scaled) - 0x3f000000));
    }

    int rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }

  /** Value of a bfloat16, the upper half of a float32. */
  static float fromBFloat16(short bfloat16) {
    return Float.intBitsToFloat(bfloat16 << 16);
  }

  /** The bfloat16 nearest to {@code value}. */
  static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      return (short) ((bits >>> 16) | 0x40);
    }

    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /**
   * A float32 next to {@code value} that rounds to 16 bits as {@code value} itself does: of the two
   * neighbours of an inexact value, the one with an odd last bit.
   */
  static float roundToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value) || (Float.floatToRawIntBits(nearest) & 1) == 1) {
      return nearest;
    }

    return value > nearest ? Math.nextUp(nearest) : Math.nextDown(nearest);
  }
}
