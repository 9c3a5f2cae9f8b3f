package org.promptembeds.sql.execution;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/** Takes out of an input row what outlives it, and makes output rows; used by the task's thread. */
final class RowAssembler {
  private final UnsafeProjection kept;
  private final UnsafeProjection output;
  private final TaskMeter meter;
  private final JoinedRow joined = new JoinedRow();

  RowAssembler(UnsafeProjection kept, UnsafeProjection output, TaskMeter meter) {
    this.kept = kept;
    this.output = output;
    this.meter = meter;
  }

  /** A copy of the columns passed through: the child reuses its rows. */
  UnsafeRow keep(InternalRow row) {
    return kept.apply(row).copy();
  }

  /** The output row, which the next one overwrites. */
  InternalRow assemble(String name, UnsafeRow keptRow, List<RowCall> calls) {
    Object[] values = new Object[calls.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = calls.get(i).value(name, meter);
    }

    meter.handedOn();
    return output.apply(joined.apply(keptRow, new GenericInternalRow(values)));
  }
}
