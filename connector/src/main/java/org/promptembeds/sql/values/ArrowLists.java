package org.promptembeds.sql.values;

import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.TensorColumn;

/** Lists in Arrow's memory, as another source of Spark gives them. */
record ArrowLists(ListVector vector) implements ListTensors.Lists {

  /** The tensors of a list of float32, or of a list of such lists; null for other vectors. */
  static @Nullable TensorColumn tensors(ValueVector vector) {
    if (!(vector instanceof ListVector outer)) {
      return null;
    }

    if (outer.getDataVector() instanceof Float4Vector floats) {
      return new ListTensors(new ArrowLists(outer), null, Values.of(floats));
    }

    return outer.getDataVector() instanceof ListVector inner
            && inner.getDataVector() instanceof Float4Vector floats
        ? new ListTensors(new ArrowLists(outer), new ArrowLists(inner), Values.of(floats))
        : null;
  }

  @Override
  public boolean isNull(int index) {
    return vector.isNull(index);
  }

  @Override
  public int start(int index) {
    return vector.getElementStartIndex(index);
  }

  @Override
  public int length(int index) {
    return vector.getElementEndIndex(index) - vector.getElementStartIndex(index);
  }

  private record Values(Float4Vector vector, boolean hasNulls) implements ListTensors.Floats {
    private static Values of(Float4Vector vector) {
      return new Values(vector, vector.getNullCount() > 0);
    }

    @Override
    public boolean hasNull(int start, int count) {
      boolean isNull = false;
      for (int i = start; hasNulls && !isNull && i < start + count; i++) {
        isNull = vector.isNull(i);
      }

      return isNull;
    }

    @Override
    public void copy(int start, int count, byte[] target) {
      vector
          .getDataBuffer()
          .getBytes((long) start * Float.BYTES, target, 0, Math.multiplyExact(count, Float.BYTES));
    }
  }
}
