package org.promptembeds.sql.values;

import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.TensorColumn;

/** Lists in the vectors that Spark's own readers of Parquet and ORC fill. */
record WritableLists(WritableColumnVector vector) implements ListTensors.Lists {

  /** The tensors of {@code array<float>} or {@code array<array<float>>}; null for other types. */
  static @Nullable TensorColumn tensors(WritableColumnVector column) {
    if (!(column.dataType() instanceof ArrayType outer)) {
      return null;
    }

    WritableColumnVector values = column.getChild(0);
    if (isFloat(outer.elementType())) {
      return new ListTensors(new WritableLists(column), null, new Values(values));
    }

    return outer.elementType() instanceof ArrayType inner && isFloat(inner.elementType())
        ? new ListTensors(
            new WritableLists(column), new WritableLists(values), new Values(values.getChild(0)))
        : null;
  }

  private static boolean isFloat(DataType type) {
    return type instanceof FloatType;
  }

  @Override
  public boolean isNull(int index) {
    return vector.isNullAt(index);
  }

  @Override
  public int start(int index) {
    return vector.getArrayOffset(index);
  }

  @Override
  public int length(int index) {
    return vector.getArrayLength(index);
  }

  private record Values(WritableColumnVector vector) implements ListTensors.Floats {
    @Override
    public boolean hasNull(int start, int count) {
      boolean isNull = false;
      for (int i = start; vector.hasNull() && !isNull && i < start + count; i++) {
        isNull = vector.isNullAt(i);
      }

      return isNull;
    }

    @Override
    public void copy(int start, int count, byte[] target) {
      if (vector instanceof OffHeapColumnVector offHeap && !vector.hasDictionary()) {
        Platform.copyMemory(
            null,
            offHeap.valuesNativeAddress() + (long) start * Float.BYTES,
            target,
            Platform.BYTE_ARRAY_OFFSET,
            (long) count * Float.BYTES);
        return;
      }

      // One pass from memory to memory: getFloats would go through an array of its own.
      for (int i = 0; i < count; i++) {
        Platform.putFloat(
            target,
            Platform.BYTE_ARRAY_OFFSET + (long) i * Float.BYTES,
            vector.getFloat(start + i));
      }
    }
  }
}
