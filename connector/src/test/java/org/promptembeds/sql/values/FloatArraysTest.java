package org.promptembeds.sql.values;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class FloatArraysTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 1001})
  void aTensorIsTheArrayThatCatalystMakes(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i - 3;
    }

    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT16, DType.FLOAT64}) {
      assertThat(FloatArrays.toCatalyst(Tensor.ofFloats(values, count, 1).convert(dtype)))
          .isEqualTo(UnsafeArrayData.fromPrimitiveArray(values));
    }
  }
}
