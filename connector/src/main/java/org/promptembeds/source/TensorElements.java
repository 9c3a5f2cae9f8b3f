package org.promptembeds.source;

import java.nio.FloatBuffer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** The elements of one tensor as SQL floats: float32 in place, other types converted once. */
final class TensorElements extends ColumnVector {
  private final FloatBuffer values;

  TensorElements(Tensor tensor) {
    super(DataTypes.FloatType);
    values =
        tensor.dtype() == DType.FLOAT32
            ? tensor.data().asFloatBuffer()
            : FloatBuffer.wrap(tensor.toFloats());
  }

  @Override
  public float getFloat(int index) {
    return values.get(index);
  }

  @Override
  public float[] getFloats(int index, int count) {
    float[] floats = new float[count];
    values.get(index, floats);
    return floats;
  }

  @Override
  public boolean hasNull() {
    return false;
  }

  @Override
  public int numNulls() {
    return 0;
  }

  @Override
  public boolean isNullAt(int index) {
    return false;
  }

  @Override
  public void close() {}

  @Override
  public boolean getBoolean(int index) {
    throw notAFloat();
  }

  @Override
  public byte getByte(int index) {
    throw notAFloat();
  }

  @Override
  public short getShort(int index) {
    throw notAFloat();
  }

  @Override
  public int getInt(int index) {
    throw notAFloat();
  }

  @Override
  public long getLong(int index) {
    throw notAFloat();
  }

  @Override
  public double getDouble(int index) {
    throw notAFloat();
  }

  @Override
  public ColumnarArray getArray(int index) {
    throw notAFloat();
  }

  @Override
  public ColumnarMap getMap(int index) {
    throw notAFloat();
  }

  @Override
  public Decimal getDecimal(int index, int precision, int scale) {
    throw notAFloat();
  }

  @Override
  public UTF8String getUTF8String(int index) {
    throw notAFloat();
  }

  @Override
  public byte[] getBinary(int index) {
    throw notAFloat();
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw notAFloat();
  }

  private static UnsupportedOperationException notAFloat() {
    return new UnsupportedOperationException("the elements of a tensor are floats");
  }
}
