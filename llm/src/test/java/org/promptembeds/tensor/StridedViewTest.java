package org.promptembeds.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StridedViewTest {
  private static void refuse(long bytes) {
    throw new AssertionError("copies " + bytes);
  }

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
      assertThat(view.toTensor("x", StridedViewTest::refuse).elementCount()).isZero();
      assertThat(view.toTensor("x", StridedViewTest::refuse).shape()).isEqualTo(view.sizes());
    }
  }

  @Test
  void aViewOfSomethingMustLieInTheBuffer() {
    assertThat(view(3, new long[] {1}, 5).toTensor("x", StridedViewTest::refuse).elementCount())
        .isOne();
    assertThatThrownBy(() -> view(4, new long[] {1}, 5).toTensor("x", StridedViewTest::refuse))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("up to index 4, but there are only 4");
    assertThatThrownBy(
            () -> view(0, new long[] {2, 2}, 3, 1).toTensor("x", StridedViewTest::refuse))
        .isInstanceOf(TensorFormatException.class)
        .hasMessageContaining("up to index 4, but there are only 4");
  }

  @Test
  void aCopyIsAnnouncedWithAllThatItRepeats() {
    StridedView view = view(0, new long[] {1 << 14, 1 << 14}, 0, 0);
    assertThatThrownBy(() -> view.toTensor("x", StridedViewTest::refuse))
        .hasMessage("copies 1073741824");
  }

  @Test
  void aViewThatLacksStridesIsNotInOnePiece() {
    TorchPickle.Storage storage = new TorchPickle.Storage(DType.FLOAT32, "0", 4);
    long[] sizes = {2, 2};
    assertThat(new TorchPickle.View(storage, 0, sizes, new long[] {2, 1}).isContiguous()).isTrue();
    assertThat(new TorchPickle.View(storage, 0, sizes, new long[] {1}).isContiguous()).isFalse();
  }
}
