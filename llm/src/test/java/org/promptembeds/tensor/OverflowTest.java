package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An element overflows exactly if its conversion is infinite. */
class OverflowTest {
  private static final List<DType> FLOATS =
      List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

  private static Tensor single(DType type, long bits) {
    ByteBuffer data = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (type.bytes()) {
      case 8 -> data.putLong(0, bits);
      case 4 -> data.putInt(0, (int) bits);
      default -> data.putShort(0, (short) bits);
    }

    return Tensor.of(type, data, 1);
  }

  private static void assertAgrees(DType from, DType to, long bits) {
    Tensor tensor = single(from, bits);
    if (NonFinite.firstIndex(tensor) < 0) {
      long infinite = NonFinite.firstIndex(tensor.convert(to));
      assertThat(Overflow.firstIndex(tensor, to))
          .as("bits %x of %s to %s", bits, from, to)
          .isEqualTo(infinite);
    }
  }

  @Test
  void agreesWithTheConversionOfEveryHalf() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      for (DType to : FLOATS) {
        assertAgrees(DType.FLOAT16, to, bits);
        assertAgrees(DType.BFLOAT16, to, bits);
      }
    }
  }

  @Test
  void agreesWithTheConversionNearTheBoundsAndElsewhere() {
    Random random = new Random(1);
    float[] bounds = {65504, 65519.996f, 65520, 65536, 0x1.FEp127f, 0x1.FEFFFEp127f, 0x1.FFp127f};
    for (DType to : FLOATS) {
      for (float bound : bounds) {
        assertAgrees(DType.FLOAT32, to, Float.floatToRawIntBits(bound));
        assertAgrees(DType.FLOAT32, to, Float.floatToRawIntBits(-bound));
        assertAgrees(DType.FLOAT64, to, Double.doubleToRawLongBits(bound));
      }

      assertAgrees(DType.FLOAT64, to, Double.doubleToRawLongBits(0x1.FFFFFFp127));
      assertAgrees(DType.FLOAT64, to, Double.doubleToRawLongBits(Math.nextDown(0x1.FFFFFFp127)));
      assertAgrees(DType.FLOAT64, to, Double.doubleToRawLongBits(-1e300));
      for (int i = 0; i < 10_000; i++) {
        assertAgrees(DType.FLOAT32, to, random.nextInt());
        assertAgrees(DType.FLOAT64, to, random.nextLong());
      }
    }
  }

  @Test
  void theFirstIsFound() {
    Tensor tensor = Tensor.ofFloats(new float[] {1, 2, -1e9f, 1e9f}, 4);
    assertThat(Overflow.firstIndex(tensor, DType.FLOAT16)).isEqualTo(2);
    assertThat(Overflow.firstIndex(tensor, DType.BFLOAT16)).isEqualTo(-1);
  }

  @Test
  void integersAreRefused() {
    Tensor tensor = Tensor.of(DType.INT8, ByteBuffer.allocate(1), 1);
    assertThatThrownBy(() -> Overflow.firstIndex(tensor, DType.FLOAT16))
        .hasMessage("INT8 is not a floating-point type");
  }
}
