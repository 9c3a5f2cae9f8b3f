package org.promptembeds.sql.values;

import java.nio.ByteBuffer;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorColumn;

/**
 * The tensors of a column of lists of float32, or of lists of such lists, whose elements lie one
 * after another in memory: each is one copy.
 */
final class ListTensors implements TensorColumn {
  private static final TensorColumn NONE = row -> null;

  private final Lists outer;
  private final @Nullable Lists inner;
  private final Floats elements;

  /** Where lists begin and end among their child's values. */
  interface Lists {
    boolean isNull(int index);

    int start(int index);

    int length(int index);
  }

  /** Values of type float. */
  interface Floats {
    boolean hasNull(int start, int count);

    /** Copies values to the start of {@code target}, little-endian. */
    void copy(int start, int count, byte[] target);
  }

  ListTensors(Lists outer, @Nullable Lists inner, Floats elements) {
    this.outer = outer;
    this.inner = inner;
    this.elements = elements;
  }

  /** The tensors of {@code column}; one that has none if it is of another type. */
  static TensorColumn of(ColumnVector column) {
    TensorColumn tensors = null;
    if (column instanceof TensorColumn own) {
      tensors = own;
    } else if (column instanceof ArrowColumnVector arrow) {
      tensors = ArrowLists.tensors(arrow.getValueVector());
    } else if (column instanceof WritableColumnVector writable) {
      tensors = WritableLists.tensors(writable);
    }

    return tensors == null ? NONE : tensors;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Null as well where there are NULLs in the row, nothing at all, or vectors that differ in
   * length: whoever reads the values finds what is wrong.
   */
  @Override
  public @Nullable Tensor tensor(int row) {
    int first = outer.start(row);
    int length = outer.length(row);
    if (outer.isNull(row) || length == 0) {
      return null;
    }

    Lists lists = inner;
    if (lists == null) {
      return copy(first, length, length);
    }

    int width = lists.length(first);
    int start = lists.start(first);
    for (int i = 0; i < length; i++) {
      boolean isNext =
          lists.length(first + i) == width && lists.start(first + i) == start + i * width;
      if (!isNext || lists.isNull(first + i)) {
        return null;
      }
    }

    return copy(start, Math.multiplyExact(length, width), length, width);
  }

  private @Nullable Tensor copy(int start, int count, long... shape) {
    if (elements.hasNull(start, count)) {
      return null;
    }

    byte[] bytes = FloatArrays.allocate(count);
    elements.copy(start, count, bytes);
    return Tensor.of(DType.FLOAT32, ByteBuffer.wrap(bytes), shape);
  }
}
