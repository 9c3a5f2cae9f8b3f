package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StridedViewTest {
  private static StridedView view(long offset, long[] sizes, long... strides) {
    return new StridedView(DType.FLOAT32, ByteBuffer.allocate(16), offset, sizes, strides);
  }

  @Test
  void aViewOfNothingMayPointAnywhere() {
    for (StridedView view :
        new StridedView[] {
          view(9, new long[] {0, 2}, 2, 1),
          view(9, new long[] {2, 0}, 7, 3),
          view(0, new long[] {2, 0, 2}, 1, 2, 9)
        }) {
      assertThat(view.toTensor("x").elementCount()).isZero();
      assertThat(view.toTensor("x").shape()).isEqualTo(view.sizes());
    }
  }

  @Test
  void aViewOfSomethingMustLieInTheBuffer() {
    assertThat(view(3, new long[] {1}, 5).toTensor("x").elementCount()).isOne();
    assertThatThrownBy(() -> view(4, new long[] {1}, 5).toTensor("x"))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("up to index 4, but there are only 4");
    assertThatThrownBy(() -> view(0, new long[] {2, 2}, 3, 1).toTensor("x"))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("up to index 4, but there are only 4");
  }
}
