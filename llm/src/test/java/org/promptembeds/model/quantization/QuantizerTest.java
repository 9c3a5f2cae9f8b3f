package org.promptembeds.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {
  private static final int ROWS = 16;
  private static final int COLUMNS = 256;

  private final Random random = new Random(3);

  private float[] matrix() {
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, i / COLUMNS % 5 - 3));
    }

    return values;
  }

  private static float largest(float[] values, int row) {
    float largest = 0;
    for (int i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }

    return largest;
  }

  @Test
  void bytesAreHalfAStepAwayAtMost() {
    float[] values = matrix();

    float[] made = Quantizer.quantize(values, COLUMNS, WeightFormat.INT8).floats();

    for (int i = 0; i < values.length; i++) {
      double step = largest(values, i / COLUMNS) / 127.0;
      assertThat(made[i]).isCloseTo(values[i], within((float) (step * 0.5001)));
    }
  }

  @Test
  void halfBytesAreAStepAwayAtMost() {
    float[] values = matrix();

    float[] made = Quantizer.quantize(values, COLUMNS, WeightFormat.INT4).floats();

    for (int first = 0; first < values.length; first += 128) {
      float[] group = Arrays.copyOfRange(values, first, first + 128);
      float low = 0;
      float high = 0;
      for (float value : group) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }

      for (int i = first; i < first + 128; i++) {
        assertThat(made[i]).isCloseTo(values[i], within((high - low) / 15 * 1.001f));
      }
    }
  }

  @Test
  void floatingPointBytesHaveThreeDigits() {
    float[] values = matrix();

    float[] made = Quantizer.quantize(values, COLUMNS, WeightFormat.FP8).floats();

    for (int i = 0; i < values.length; i++) {
      float smallest = largest(values, i / COLUMNS) / 448 / 512;
      float allowed = Math.max(Math.abs(values[i]) / 16, smallest / 2) * 1.001f;
      assertThat(made[i]).isCloseTo(values[i], within(allowed));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "int4", "fp8"})
  void zeroStaysZero(String format) {
    float[] zeros = new float[COLUMNS];

    assertThat(Quantizer.quantize(zeros, COLUMNS, WeightFormat.of(format)).floats())
        .containsExactly(zeros);
  }

  /**
   * MXFP4 in 8-bit floating-point numbers, if the exponents of a row are within 14 of each other.
   */
  @Test
  void numbersOfFourBitsAndPowersOfTwoAreExactInEight() {
    for (int spread = 0; spread <= 16; spread++) {
      float[] values = new float[COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        int exponent = i < 32 ? 0 : -(i / 32 * spread / 7);
        values[i] = CodeBook.E2M1.value((byte) (i % 16)) * Math.scalb(1f, exponent - 3);
      }

      float[] made = Quantizer.fp8(values, COLUMNS, true).floats();
      int different = 0;
      for (int i = 0; i < COLUMNS; i++) {
        different += made[i] == values[i] ? 0 : 1;
      }

      if (spread <= 14) {
        assertThat(different).as("with a spread of %d", spread).isZero();
      } else {
        assertThat(different).as("with a spread of %d", spread).isPositive().isLessThan(40);
      }
    }
  }
}
