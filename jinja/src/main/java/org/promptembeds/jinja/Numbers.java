package org.promptembeds.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's arithmetic on integers of 64 bits and floats; a boolean is 0 or 1. */
final class Numbers {
  private Numbers() {}

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Boolean;
  }

  static boolean isNumber(Object value) {
    return isInteger(value) || value instanceof Double;
  }

  static long toLong(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).longValue();
  }

  static double toDouble(Object value) {
    return value instanceof Double number ? number : toLong(value);
  }

  static Object negate(Object value) {
    if (isInteger(value)) {
      return exact(() -> Math.negateExact(toLong(value)));
    }

    return -toDouble(requireNumber(value));
  }

  static Object positive(Object value) {
    return isInteger(value) ? (Object) toLong(value) : (Object) toDouble(requireNumber(value));
  }

  private static Object requireNumber(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (!isNumber(value)) {
      throw new JinjaException("a sign needs a number, got " + Values.typeName(value));
    }

    return value;
  }

  /** {@code left operator right} of two numbers. */
  static Object apply(String operator, Object left, Object right) {
    if (isInteger(left) && isInteger(right) && !operator.equals("/")) {
      return applyIntegers(operator, toLong(left), toLong(right));
    }

    return applyFloats(operator, toDouble(left), toDouble(right));
  }

  private static Object applyIntegers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> exact(() -> Math.addExact(a, b));
      case "-" -> exact(() -> Math.subtractExact(a, b));
      case "*" -> exact(() -> Math.multiplyExact(a, b));
      case "//" -> Math.floorDiv(a, requireDivisor(b));
      case "%" -> Math.floorMod(a, requireDivisor(b));
      default -> b < 0 ? (Object) Math.pow((double) a, (double) b) : (Object) power(a, b);
    };
  }

  private static long power(long base, long exponent) {
    long result = 1;

    if (exponent > 64 && Math.abs(base) > 1) {
      throw overflow();
    }

    for (long i = 0;
        i < (Math.abs(base) > 1 ? exponent : exponent % 2 + 2 * Math.min(1, exponent));
        i++) {
      long partial = result;
      result = exact(() -> Math.multiplyExact(partial, base));
    }

    return result;
  }

  private static Object applyFloats(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / requireDivisor(b);
      case "//" -> Math.floor(a / requireDivisor(b));
      case "%" -> modulo(a, requireDivisor(b));
      default -> Math.pow(a, b);
    };
  }

  private static double modulo(double a, double b) {
    double remainder = a % b;
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
  }

  private static long requireDivisor(long divisor) {
    if (divisor == 0) {
      throw new JinjaException("division by zero");
    }

    return divisor;
  }

  private static double requireDivisor(double divisor) {
    if (divisor == 0) {
      throw new JinjaException("division by zero");
    }

    return divisor;
  }

  private interface ExactOperation {
    long result();
  }

  private static long exact(ExactOperation operation) {
    try {
      return operation.result();
    } catch (ArithmeticException e) {
      throw overflow();
    }
  }

  private static JinjaException overflow() {
    return new JinjaException("an integer result does not fit 64 bits");
  }

  /** A float as Python's {@code repr} writes it: the shortest digits that give it back. */
  static String text(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }

    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }

    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }

    BigDecimal shortest = shortest(value);
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    String sign = value < 0 ? "-" : "";

    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return "%s%s%se%s%02d"
          .formatted(
              sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    String plain = shortest.toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);

    for (int precision = 1; precision < 17; precision++) {
      BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));

      if (rounded.doubleValue() == value) {
        return stripped(rounded);
      }
    }

    return stripped(exact.round(new MathContext(17, RoundingMode.HALF_EVEN)));
  }

  private static BigDecimal stripped(BigDecimal value) {
    return value.stripTrailingZeros();
  }
}
