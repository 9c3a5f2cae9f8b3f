package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext$;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.promptembeds.options.ExecutionLimits;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.sql.values.Seqs;
import org.promptembeds.testing.TestSpark;

/**
 * Iterators of Spark add their whole time to a metric whenever they say that they are at their end,
 * and so are asked for it once.
 */
class EndOfInputTest {
  private final GenerationMetrics metrics =
      GenerationMetrics.create(TestSpark.session().sparkContext());

  /** Elements, and how often it was said that there are no more. */
  private static final class CountedEnd<T> implements Iterator<T> {
    private final Iterator<T> elements;
    private int ends;

    private CountedEnd(List<T> elements) {
      this.elements = elements.iterator();
    }

    @Override
    public boolean hasNext() {
      ends += elements.hasNext() ? 0 : 1;
      return elements.hasNext();
    }

    @Override
    public T next() {
      return elements.next();
    }
  }

  private static int drain(Iterator<InternalRow> rows) {
    int count = 0;
    while (rows.hasNext()) {
      rows.next();
      count++;
    }

    assertThat(rows.hasNext()).isFalse();
    return count;
  }

  @Test
  void aTaskAsksItsInputOnce() {
    CountedEnd<InternalRow> input =
        new CountedEnd<>(Collections.nCopies(5, new GenericInternalRow(0)));
    TaskMeter meter = new TaskMeter(metrics);
    UnsafeProjection none = UnsafeProjection.create(new DataType[0]);
    ExecutionLimits limits = new SparkOptions(Map.of()).limits();
    try (GenerationTask task =
        new GenerationTask(
            RowNames.numbered(0),
            input,
            List.of(),
            new RowAssembler(none, none, meter),
            limits,
            TaskContext$.MODULE$.empty(),
            meter)) {
      assertThat(drain(task)).isEqualTo(5);
    }

    assertThat(input.ends).isEqualTo(1);
  }

  @Test
  void rowsOfBatchesAskForBatchesOnce() {
    CountedEnd<ColumnarBatch> batches =
        new CountedEnd<>(
            List.of(
                new ColumnarBatch(new ColumnVector[0], 2),
                new ColumnarBatch(new ColumnVector[0], 3)));
    SQLMetric count = metrics.rows();
    List<Attribute> noColumns = List.of();
    BatchRows rows =
        new BatchRows(
            batches,
            List.of(),
            new int[0],
            UnsafeProjection.create(Seqs.of(List.of()), Seqs.of(noColumns)),
            count,
            count);

    assertThat(drain(rows)).isEqualTo(5);
    assertThat(batches.ends).isEqualTo(1);
  }
}
