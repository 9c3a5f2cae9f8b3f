package org.promptembeds.sql.values;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorColumn;

/**
 * A row of a columnar batch, read where it lies, followed by values computed of it. It moves from
 * row to row of its batch.
 */
public final class BatchRow extends JoinedRow {
  private static final long serialVersionUID = 1L;

  private final transient ColumnarBatch batch;
  private final transient @Nullable TensorColumn[] tensors; // by column; made when asked for
  private int index;

  /**
   * @param columns of the batch, as the row has them
   */
  public BatchRow(ColumnVector[] columns, int rowCount) {
    this.batch = new ColumnarBatch(columns, rowCount);
    this.tensors = new TensorColumn[columns.length];
  }

  public void moveTo(int newIndex, InternalRow computed) {
    index = newIndex;
    apply(batch.getRow(newIndex), computed);
  }

  /**
   * The tensor behind a value that is not NULL of any row: its own bytes or one copy of them, taken
   * at once; valid after the batch. Null where there is no way to it but the values themselves: the
   * row is of no batch, the column is computed or of another type, or the value is malformed.
   */
  static @Nullable Tensor tensor(InternalRow row, int ordinal) {
    return row instanceof BatchRow batchRow ? batchRow.tensor(ordinal) : null;
  }

  private @Nullable Tensor tensor(int ordinal) {
    if (ordinal >= tensors.length) {
      return null;
    }

    TensorColumn column = tensors[ordinal];
    if (column == null) {
      column = ListTensors.of(batch.column(ordinal));
      tensors[ordinal] = column;
    }

    return column.tensor(index);
  }
}
