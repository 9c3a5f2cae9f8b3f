package org.promptembeds.source;

import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A column that a file does not have. */
final class NullColumn {
  private NullColumn() {}

  static ColumnVector of(DataType type, int rowCount) {
    ConstantColumnVector column = new ConstantColumnVector(rowCount, type);
    column.setNull();
    return column;
  }
}
