package org.promptembeds.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Floats with a given number of digits. */
final class Decimals {
  private Decimals() {}

  /** C's {@code f} or {@code e} conversion; rounds the exact binary value half to even. */
  static String fixed(double value, int digits, String type) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Numbers.text(value);
    }

    if (type.equalsIgnoreCase("f")) {
      String sign = value < 0 || 1 / value < 0 ? "-" : "";
      return sign
          + new BigDecimal(value).abs().setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    return String.format(Locale.ROOT, "%." + digits + type, value);
  }

  /** Python's {@code round(value, digits)}. */
  static double round(double value, int digits, RoundingMode mode) {
    if (Double.isNaN(value) || Double.isInfinite(value) || digits > 300) {
      return value;
    }

    return new BigDecimal(value).setScale(Math.max(-300, digits), mode).doubleValue();
  }
}
