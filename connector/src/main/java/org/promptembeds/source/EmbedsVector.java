package org.promptembeds.source;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorColumn;

/** The column {@code embeds}: one tensor a row, read as {@code array<float>} element by element. */
final class EmbedsVector extends ColumnVector implements TensorColumn {
  private final @Nullable Tensor[] tensors;

  EmbedsVector(DataType type, @Nullable Tensor[] tensors) {
    super(type);
    this.tensors = tensors;
  }

  @Override
  public @Nullable Tensor tensor(int row) {
    return tensors[row];
  }

  @Override
  @SuppressWarnings("NullAway") // Spark's columns answer null for NULL
  public ColumnarArray getArray(int row) {
    Tensor tensor = tensors[row];
    return tensor == null
        ? null
        : new ColumnarArray(new TensorElements(tensor), 0, (int) tensor.elementCount());
  }

  @Override
  public boolean hasNull() {
    return numNulls() > 0;
  }

  @Override
  public int numNulls() {
    int nulls = 0;
    for (Tensor tensor : tensors) {
      nulls += tensor == null ? 1 : 0;
    }

    return nulls;
  }

  @Override
  public boolean isNullAt(int row) {
    return tensors[row] == null;
  }

  @Override
  public void close() {}

  @Override
  public boolean getBoolean(int row) {
    throw notAnArray();
  }

  @Override
  public byte getByte(int row) {
    throw notAnArray();
  }

  @Override
  public short getShort(int row) {
    throw notAnArray();
  }

  @Override
  public int getInt(int row) {
    throw notAnArray();
  }

  @Override
  public long getLong(int row) {
    throw notAnArray();
  }

  @Override
  public float getFloat(int row) {
    throw notAnArray();
  }

  @Override
  public double getDouble(int row) {
    throw notAnArray();
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw notAnArray();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw notAnArray();
  }

  @Override
  public UTF8String getUTF8String(int row) {
    throw notAnArray();
  }

  @Override
  public byte[] getBinary(int row) {
    throw notAnArray();
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw new UnsupportedOperationException("every row has elements of its own: use getArray");
  }

  private static UnsupportedOperationException notAnArray() {
    return new UnsupportedOperationException("embeds is a column of arrays");
  }
}
