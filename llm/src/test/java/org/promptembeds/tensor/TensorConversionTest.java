package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class TensorConversionTest {
  private static Tensor doubles(double... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return Tensor.of(DType.FLOAT64, data, values.length);
  }

  @Test
  void convertsBetweenAllFloatingPointTypes() {
    float[] values = {0, -0f, 1, -1.5f, 0x1p-14f, 65504, Float.POSITIVE_INFINITY};
    Tensor original = Tensor.ofFloats(values, 7, 1);
    for (DType dtype : DType.values()) {
      if (!dtype.isFloat()) {
        continue;
      }

      Tensor converted = original.convert(dtype);
      assertThat(converted.dtype()).isEqualTo(dtype);
      assertThat(converted.shape()).containsExactly(7, 1);
      float[] back = converted.toFloats();
      if (dtype == DType.BFLOAT16) {
        back[5] = 65504; // has no bfloat16
      }

      assertThat(back).containsExactly(values);
    }
  }

  @Test
  void floatsAreWrittenWhereTheTargetStands() {
    for (DType dtype : DType.values()) {
      if (!dtype.isFloat()) {
        continue;
      }

      FloatBuffer target = FloatBuffer.allocate(5).put(9);
      Tensor.ofFloats(new float[] {1, -0f, Float.NaN}, 3).convert(dtype).writeFloats(target);

      assertThat(target.position()).isEqualTo(4);
      assertThat(target.array()).containsExactly(9, 1, -0f, Float.NaN, 0);
    }
  }

  @Test
  void aDoubleIsRoundedOnce() {
    // Just above the middle of 1 and its successor; through float32 it would fall on the middle.
    double half = 1 + 0x1p-11 + 0x1p-40;
    assertThat(doubles(half).convert(DType.FLOAT16).toFloats()).containsExactly(1 + 0x1p-10f);
    double bfloat16 = 1 + 0x1p-8 + 0x1p-40;
    assertThat(doubles(bfloat16).convert(DType.BFLOAT16).toFloats()).containsExactly(1 + 0x1p-7f);
  }

  @Test
  void sameTypeIsTheSameTensor() {
    Tensor tensor = doubles(1, 2);
    assertThat(tensor.convert(DType.FLOAT64)).isSameAs(tensor);
  }

  @Test
  void integersAreRefused() {
    Tensor integers = Tensor.of(DType.INT32, ByteBuffer.allocate(8), 2);
    assertThatThrownBy(integers::toFloats)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("elements of type INT32 cannot be converted: only floating-point types can");
    assertThatThrownBy(() -> integers.convert(DType.FLOAT32)).hasMessageContaining("INT32");
    assertThatThrownBy(() -> doubles(1).convert(DType.INT8)).hasMessageContaining("INT8");
  }
}
