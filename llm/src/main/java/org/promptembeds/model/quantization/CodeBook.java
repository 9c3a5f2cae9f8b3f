package org.promptembeds.model.quantization;

import java.util.function.IntToDoubleFunction;

/** The number that each code of a quantised weight stands for, before scale and zero. */
final class CodeBook {
  // before the books, which are made of it
  private static final double[] E2M1_MAGNITUDES = {0, 0.5, 1, 1.5, 2, 3, 4, 6};

  /** Unsigned bytes. */
  static final CodeBook UNSIGNED = new CodeBook(code -> code);

  /** Signed bytes. */
  static final CodeBook SIGNED = new CodeBook(code -> (byte) code);

  /** 8-bit floating-point numbers of 4 bits of exponent and 3 of mantissa, without infinities. */
  static final CodeBook E4M3 = new CodeBook(Float8::value);

  /** 4-bit floating-point numbers of 2 bits of exponent and 1 of mantissa. */
  static final CodeBook E2M1 = new CodeBook(CodeBook::e2m1);

  private final float[] values = new float[256];

  private CodeBook(IntToDoubleFunction value) {
    for (int code = 0; code < values.length; code++) {
      values[code] = (float) value.applyAsDouble(code);
    }
  }

  /** The book that a checkpoint brings along; it says what codes from 0 on are. */
  static CodeBook of(float[] given) {
    return new CodeBook(code -> code < given.length ? given[code] : 0);
  }

  private static double e2m1(int code) {
    double magnitude = E2M1_MAGNITUDES[code & 7];
    return (code & 8) == 0 ? magnitude : -magnitude;
  }

  float value(byte code) {
    return values[code & 0xff];
  }
}
