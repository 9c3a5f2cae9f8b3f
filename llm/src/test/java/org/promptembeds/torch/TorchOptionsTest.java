package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TorchOptionsTest {
  @Test
  void everyValueOutOfBoundsIsNamed() {
    TorchOptions.Builder builder =
        TorchOptions.builder().dtype("int8").device("gpu").kvCacheBytes(-1).maxSequences(0);

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dtype must be one of [auto, float32, bfloat16, float16], got \"int8\"; device must be"
                + " auto, cpu, cuda or cuda:N, got \"gpu\"; kvCacheBytes must be at least 0, got"
                + " -1; maxSequences must be at least 1, got 0");
  }
}
