package org.promptembeds.sql.execution;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.values.BatchRow;

/** The rows of a partition's batches that satisfy the conditions; used by the task's thread. */
final class BatchRows implements Iterator<InternalRow> {
  private final Iterator<ColumnarBatch> batches;
  private final List<BasePredicate> conditions;
  private final int[] stored;
  private final UnsafeProjection computed;
  private final SQLMetric batchCount;
  private final SQLMetric rowCount;

  private @Nullable ColumnarBatch batch;
  private @Nullable BatchRow row;
  private int index; // of the row to be looked at next
  private boolean isFound;
  private boolean isEnded;

  BatchRows(
      Iterator<ColumnarBatch> batches,
      List<BasePredicate> conditions,
      int[] stored,
      UnsafeProjection computed,
      SQLMetric batchCount,
      SQLMetric rowCount) {
    this.batches = batches;
    this.conditions = conditions;
    this.stored = stored;
    this.computed = computed;
    this.batchCount = batchCount;
    this.rowCount = rowCount;
  }

  @Override
  public boolean hasNext() {
    while (!isFound && moveToRow()) {
      ColumnarBatch current = currentBatch();
      InternalRow input = current.getRow(index++);
      isFound = conditions.stream().allMatch(condition -> condition.eval(input));
      if (isFound && row != null) {
        row.moveTo(index - 1, computed.apply(input));
      }
    }

    return isFound;
  }

  /** Moves on to the next batch where this one has no more rows. */
  private boolean moveToRow() {
    while (batch == null || index >= batch.numRows()) {
      release();
      isEnded = isEnded || !batches.hasNext(); // which is not asked again: Spark adds up times then
      if (isEnded) {
        return false;
      }

      enter(batches.next());
    }

    return true;
  }

  private void enter(ColumnarBatch next) {
    batch = next;
    index = 0;
    ColumnVector[] columns = new ColumnVector[stored.length];
    for (int i = 0; i < stored.length; i++) {
      columns[i] = next.column(stored[i]);
    }

    row = new BatchRow(columns, next.numRows());
    batchCount.add(1);
  }

  /**
   * Frees the batch's memory early, as Spark's own conversion to rows does; readers may as well.
   */
  private void release() {
    if (batch != null) {
      batch.closeIfFreeable();
      batch = null;
      row = null;
    }
  }

  private ColumnarBatch currentBatch() {
    if (batch == null) {
      throw new IllegalStateException("there is no batch");
    }

    return batch;
  }

  @Override
  public InternalRow next() {
    if (!hasNext() || row == null) {
      throw new NoSuchElementException("no more rows in the batches");
    }

    isFound = false;
    rowCount.add(1);
    return row;
  }
}
