package org.promptembeds.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Float8Test {
  private static final int CODES = 256;

  @Test
  void valuesOfTheDefinition() {
    assertThat(Float8.value(0x00)).isZero();
    assertThat(Float8.value(0x01)).isEqualTo(0x1p-9);
    assertThat(Float8.value(0x08)).isEqualTo(0x1p-6);
    assertThat(Float8.value(0x38)).isEqualTo(1);
    assertThat(Float8.value(0xbc)).isEqualTo(-1.5);
    assertThat(Float8.value(0x7e)).isEqualTo(Float8.MAX);
    assertThat(Float8.value(0xff)).isNaN();
  }

  @Test
  void everyValueHasItsCode() {
    for (int code = 0; code < CODES; code++) {
      int nan = code & 0x7f;
      int expected = nan == 0x7f ? 0x7f : code;
      int found = Float8.code((float) Float8.value(code)) & 0xff;

      assertThat(nan == 0x7f ? found & 0x7f : found).isEqualTo(expected);
    }
  }

  @Test
  void othersHaveTheCodeOfTheNearestAndOfTwoTheEvenOne() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(24) - 14));
      assertThat(Float8.code(value)).as("code of %s", value).isEqualTo(nearest(value));
    }

    for (int code = 0; code < 0x7e; code++) {
      float middle = (float) ((Float8.value(code) + Float8.value(code + 1)) / 2);
      assertThat(Float8.code(middle) & 1).as("code of %s", middle).isZero();
      assertThat(Float8.code(middle)).isEqualTo(nearest(middle));
    }
  }

  private static byte nearest(float value) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    int sign = Float.floatToRawIntBits(value) < 0 ? 0x80 : 0;
    for (int code = sign; code < sign + 0x7f; code++) {
      double distance = Math.abs(Float8.value(code) - value);
      if (distance < least || (distance == least && (code & 1) == 0)) {
        best = code;
        least = distance;
      }
    }

    return (byte) best;
  }
}
