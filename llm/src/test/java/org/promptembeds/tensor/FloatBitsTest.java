package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The 16-bit types, every value of them. */
class FloatBitsTest {
  /** Value of a 16-bit pattern by the definition of the format. */
  private static double valueOf(int bits, int exponentBits, int mantissaBits) {
    int bias = (1 << (exponentBits - 1)) - 1;
    int exponent = (bits >>> mantissaBits) & ((1 << exponentBits) - 1);
    int mantissa = bits & ((1 << mantissaBits) - 1);
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    if (exponent == (1 << exponentBits) - 1) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }

    return exponent == 0
        ? sign * mantissa * Math.pow(2, 1 - bias - mantissaBits)
        : sign * ((1 << mantissaBits) + mantissa) * Math.pow(2, exponent - bias - mantissaBits);
  }

  @Test
  void everyHalfHasItsDefinedValueAndComesBack() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = FloatBits.fromHalf((short) bits);
      if (!Double.isNaN(valueOf(bits, 5, 10))) {
        assertThat((double) value).isEqualTo(valueOf(bits, 5, 10));
        assertThat(FloatBits.toHalf(value)).isEqualTo((short) bits);
      } else {
        assertThat(FloatBits.fromHalf(FloatBits.toHalf(value))).isNaN();
      }
    }
  }

  @Test
  void everyBFloat16HasItsDefinedValueAndComesBack() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = FloatBits.fromBFloat16((short) bits);
      if (!Double.isNaN(valueOf(bits, 8, 7))) {
        assertThat((double) value).isEqualTo(valueOf(bits, 8, 7));
        assertThat(FloatBits.toBFloat16(value)).isEqualTo((short) bits);
      } else {
        assertThat(FloatBits.fromBFloat16(FloatBits.toBFloat16(value))).isNaN();
      }
    }
  }

  @Test
  void betweenNeighboursTheNearestIsTakenAndTiesGoToEven() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      double low = valueOf(bits, 5, 10);
      double high = bits == 0x7bff ? 65536 : valueOf(bits + 1, 5, 10);
      checkBetween(low, high, (short) bits, true);
    }

    for (int bits = 0; bits < 0x7f80; bits++) {
      double low = valueOf(bits, 8, 7);
      double high = bits == 0x7f7f ? 0x1p128 : valueOf(bits + 1, 8, 7);
      checkBetween(low, high, (short) bits, false);
    }
  }

  private static void checkBetween(double low, double high, short bits, boolean half) {
    double middle = (low + high) / 2;
    short even = (short) ((bits & 1) == 0 ? bits : bits + 1);
    assertThat(round(middle, half)).isEqualTo(even);
    assertThat(round(Math.nextDown(middle), half)).isEqualTo(bits);
    assertThat(round(Math.nextUp(middle), half)).isEqualTo((short) (bits + 1));
    assertThat(round(-middle, half)).isEqualTo((short) (even | 0x8000));
  }

  private static short round(double value, boolean half) {
    float odd = FloatBits.roundToOdd(value);
    return half ? FloatBits.toHalf(odd) : FloatBits.toBFloat16(odd);
  }

  @Test
  void roundingToOddPicksANeighbour() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      float odd = FloatBits.roundToOdd(value);
      if (Double.isNaN(value)) {
        assertThat(odd).isNaN();
      } else if (odd != value) {
        assertThat(Float.floatToRawIntBits(odd) & 1).isEqualTo(1);
        assertThat(odd).isFinite();
        BigDecimal exact = new BigDecimal(odd);
        boolean below = exact.compareTo(new BigDecimal(value)) < 0;
        assertThat((double) (below ? Math.nextUp(odd) : Math.nextDown(odd)) - value)
            .matches(difference -> below ? difference > 0 : difference < 0);
      }
    }
  }
}
