package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NonFiniteTest {

  static Stream<Arguments> bitPatterns() {
    return Stream.of(
        Arguments.of(
            DType.FLOAT64,
            new long[] {0x7FF0L << 48, 0xFFF0L << 48, (0x7FF8L << 48) | 1, (0x7FF0L << 48) | 1},
            new long[] {0x7FEF_FFFF_FFFF_FFFFL, 0xFFEF_FFFF_FFFF_FFFFL, 1L << 63, 0}),
        Arguments.of(
            DType.FLOAT32,
            new long[] {0x7F800000L, 0xFF800000L, 0x7FC00001L, 0x7F800001L},
            new long[] {0x7F7FFFFFL, 0xFF7FFFFFL, 0x80000000L, 0}),
        Arguments.of(
            DType.FLOAT16,
            new long[] {0x7C00, 0xFC00, 0x7E01, 0x7C01},
            new long[] {0x7BFF, 0xFBFF, 0x8000, 0}),
        Arguments.of(
            DType.BFLOAT16,
            new long[] {0x7F80, 0xFF80, 0x7FC1, 0x7F81},
            new long[] {0x7F7F, 0xFF7F, 0x8000, 0}));
  }

  @ParameterizedTest
  @MethodSource("bitPatterns")
  void findsTheFirstNonFiniteElementWhereverItIs(DType dtype, long[] bad, long[] good) {
    Random random = new Random(1);
    for (int count : new int[] {1, 2, 3, 5, 7, 8, 33, 1024, 8193}) {
      ByteBuffer data = ByteBuffer.allocate(count * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        put(dtype, data, i, good[random.nextInt(good.length)]);
      }

      Tensor tensor = Tensor.of(dtype, data, count);
      assertThat(NonFinite.firstIndex(tensor)).isEqualTo(-1);
      int first = count;
      for (int i = 0; i < 4; i++) {
        int index = random.nextInt(count);
        put(dtype, data, index, bad[i]);
        first = Math.min(first, index);
        assertThat(NonFinite.firstIndex(tensor)).isEqualTo(first);
      }
    }
  }

  private static void put(DType dtype, ByteBuffer data, int index, long bits) {
    for (int b = 0; b < dtype.bytes(); b++) {
      data.put(index * dtype.bytes() + b, (byte) (bits >>> (8 * b)));
    }
  }

  @Test
  void refusesIntegers() {
    Tensor tensor = Tensor.of(DType.INT32, ByteBuffer.allocate(8), 2);
    assertThatThrownBy(() -> NonFinite.firstIndex(tensor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("INT32 is not a floating-point type");
  }
}
