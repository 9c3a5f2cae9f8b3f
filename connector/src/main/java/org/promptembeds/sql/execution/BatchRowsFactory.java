package org.promptembeds.sql.execution;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.Predicate$;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.Seq;

/**
 * What {@link ColumnarRowsExec} ships to executors: starts the reading of a partition's batches.
 *
 * @param columns of the output: those of the batches first
 * @param conditions what rows must satisfy
 * @param input columns of the batches
 */
record BatchRowsFactory(
    Seq<NamedExpression> columns,
    Seq<Expression> conditions,
    Seq<Attribute> input,
    SQLMetric batches,
    SQLMetric rows)
    implements Function2<Integer, Iterator<ColumnarBatch>, Iterator<InternalRow>> {

  @Override
  public Iterator<InternalRow> call(Integer partition, Iterator<ColumnarBatch> source) {
    List<Integer> stored = new ArrayList<>();
    List<Expression> computed = new ArrayList<>();
    for (NamedExpression column : Seqs.list(columns)) {
      Attribute attribute = ColumnarRowsExec.stored(column);
      if (attribute == null) {
        computed.add((Expression) column);
      } else {
        stored.add(CallPlan.indexOf(attribute, Seqs.list(input)));
      }
    }

    List<BasePredicate> predicates =
        Seqs.list(conditions).stream()
            .map(condition -> Predicate$.MODULE$.create(condition, input))
            .toList();
    predicates.forEach(predicate -> predicate.initialize(partition));
    return new BatchRows(
        source,
        predicates,
        stored.stream().mapToInt(Integer::intValue).toArray(),
        UnsafeProjection.create(Seqs.of(computed), input),
        batches,
        rows);
  }
}
