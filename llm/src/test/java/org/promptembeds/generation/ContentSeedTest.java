package org.promptembeds.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class ContentSeedTest {
  @Test
  void hashesShapeAndEveryElement() {
    byte[] bytes = new byte[24];
    new Random(2).nextBytes(bytes);
    long hash = ContentSeed.of(Tensor.of(DType.FLOAT16, ByteBuffer.wrap(bytes), 4, 3));

    assertThat(ContentSeed.of(Tensor.of(DType.FLOAT16, ByteBuffer.wrap(bytes.clone()), 4, 3)))
        .isEqualTo(hash);
    assertThat(ContentSeed.of(Tensor.of(DType.BFLOAT16, ByteBuffer.wrap(bytes), 4, 3)))
        .isNotEqualTo(hash);
    assertThat(ContentSeed.of(Tensor.of(DType.FLOAT16, ByteBuffer.wrap(bytes), 3, 4)))
        .isNotEqualTo(hash);
    for (int i = 0; i < bytes.length; i++) {
      byte[] other = bytes.clone();
      other[i] ^= 1;
      assertThat(ContentSeed.of(Tensor.of(DType.FLOAT16, ByteBuffer.wrap(other), 4, 3)))
          .isNotEqualTo(hash);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT16", "BFLOAT16"})
  void equalElementsOfAnyTypeHaveOneHash(DType dtype) {
    Tensor floats = Tensor.ofFloats(new float[] {1, -2, 0.5f, 96, 0, 3}, 2, 3);

    assertThat(ContentSeed.of(floats.convert(dtype))).isEqualTo(ContentSeed.of(floats));
  }

  @Test
  void hashesTheBytesThatDoNotFillAWord() {
    Tensor one = Tensor.of(DType.FLOAT16, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}), 1, 3);
    Tensor other = Tensor.of(DType.FLOAT16, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 7}), 1, 3);
    assertThat(ContentSeed.of(one)).isNotEqualTo(ContentSeed.of(other));
  }
}
