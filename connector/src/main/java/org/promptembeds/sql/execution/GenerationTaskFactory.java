package org.promptembeds.sql.execution;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;
import org.promptembeds.generation.Client;
import org.promptembeds.options.ExecutionLimits;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.Seq;

/**
 * What the operator ships to executors: starts the evaluation of a partition.
 *
 * @param calls to make for each row
 * @param passThrough columns kept
 * @param columns of the child
 */
record GenerationTaskFactory(
    List<CallPlan> calls,
    Seq<Attribute> passThrough,
    Seq<Attribute> columns,
    ExecutionLimits limits,
    GenerationMetrics metrics)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<InternalRow>> {

  @Override
  public Iterator<InternalRow> call(Integer partition, Iterator<InternalRow> rows) {
    TaskContext context = TaskContext.get();
    TaskMeter meter = new TaskMeter(metrics);
    List<Expression> kept =
        Seqs.list(passThrough).stream().map(column -> (Expression) column).toList();
    RowAssembler assembler =
        new RowAssembler(
            UnsafeProjection.create(Seqs.of(kept), columns),
            UnsafeProjection.create(outputTypes()),
            meter);
    TaskBackends backends = new TaskBackends(context, limits, meter);
    Client client = TaskClient.of(context);
    List<CallEvaluator> evaluators =
        calls.stream().map(call -> new CallEvaluator(call, backends, client)).toList();
    GenerationTask task =
        new GenerationTask(
            RowNames.of(partition, Seqs.list(columns)),
            rows,
            evaluators,
            assembler,
            limits,
            context,
            meter);
    context.addTaskCompletionListener(
        ended -> {
          task.close();
          backends.close();
        });
    return task;
  }

  private DataType[] outputTypes() {
    return java.util.stream.Stream.concat(
            Seqs.list(passThrough).stream().map(Attribute::dataType),
            calls.stream().map(call -> call.shape().dataType()))
        .toArray(DataType[]::new);
  }
}
