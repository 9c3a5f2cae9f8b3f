package org.promptembeds.sql.execution;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.ExecutionLimits;
import org.promptembeds.sql.call.CallBinding;
import org.promptembeds.sql.call.GeneratedColumn;
import org.promptembeds.sql.values.ProductNode;
import org.promptembeds.sql.values.Seqs;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * Physical operator: rows go in, and come out in the same order with generated columns.
 *
 * <pre>
 * child rows --> copy what is passed through ------------------> join --> output rows
 *            --> embeddings --> the executor's shared backend --/
 * </pre>
 *
 * As many rows are under way as fit into the executor's budget of bytes.
 */
public final class EmbedsGenerationExec extends SparkPlan implements ProductNode, UnaryExecNode {
  private static final long serialVersionUID = 1L;

  private final Seq<Expression> calls;
  private final Seq<Attribute> results;
  private final Seq<Attribute> passThrough;
  private final ExecutionLimits limits;
  private final SparkPlan child;
  private @Nullable GenerationMetrics metrics; // made once, on the driver

  /**
   * Public with parameters in product order, as Catalyst copies nodes by reflection.
   *
   * @param calls isolated calls, whose inputs are columns of the child or constant options
   * @param results the column of each call
   */
  public EmbedsGenerationExec(
      Seq<Expression> calls,
      Seq<Attribute> results,
      Seq<Attribute> passThrough,
      ExecutionLimits limits,
      SparkPlan child) {
    this.calls = calls;
    this.results = results;
    this.passThrough = passThrough;
    this.limits = limits;
    this.child = child;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    LargeRowsWarning.check(child);
    List<CallPlan> plans = new ArrayList<>();
    for (GeneratedColumn column : GeneratedColumn.zip(calls, results)) {
      plans.add(CallPlan.of(column.call(), Seqs.list(child.output())));
    }

    GenerationTaskFactory factory =
        new GenerationTaskFactory(plans, passThrough, child.output(), limits, generationMetrics());
    return child.execute().toJavaRDD().mapPartitionsWithIndex(factory, false).rdd();
  }

  private synchronized GenerationMetrics generationMetrics() {
    if (metrics == null) {
      metrics = GenerationMetrics.create(sparkContext());
    }

    return metrics;
  }

  @Override
  public Map<String, SQLMetric> metrics() {
    return generationMetrics().byName();
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return GeneratedColumn.output(passThrough, results);
  }

  @Override
  public AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(Seqs.<Expression>of(Seqs.list(results)));
  }

  @Override
  public Partitioning outputPartitioning() {
    return KeptProperties.partitioning(child, outputSet());
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return KeptProperties.ordering(child, outputSet());
  }

  @Override
  public String nodeName() {
    return "GenerateFromEmbeds";
  }

  @Override
  public String verboseStringWithOperatorId() {
    StringBuilder text = new StringBuilder(formattedNodeName());
    text.append("\nInput: ").append(child.output().mkString("[", ", ", "]"));
    for (GeneratedColumn column : GeneratedColumn.zip(calls, results)) {
      text.append("\nResult: ").append(column.result());
      text.append("\n  Call: ").append(column.call());
      CallBinding binding = column.call().binding();
      BackendSpec backend = binding.backend();
      text.append("\n  Model: ").append(backend.model());
      if (PromptModel.isServer(backend.model())) {
        text.append(", a server");
      } else {
        text.append(", in the executors, device ").append(backend.device());
      }

      if (binding.softPrompt() != null) {
        text.append("\n  Soft prompt: ").append(binding.softPrompt());
      }

      text.append("\n  Backend: ").append(backend);
    }

    text.append("\nPass through: ").append(passThrough.mkString("[", ", ", "]"));
    return text.append("\nLimits: ").append(limits).append('\n').toString();
  }

  @Override
  public Seq<SparkPlan> children() {
    return Seqs.of(List.of(child));
  }

  @Override
  public SparkPlan mapChildren(Function1<SparkPlan, SparkPlan> map) {
    return UnaryExecNode.super.mapChildren(map);
  }

  @Override
  public SparkPlan withNewChildInternal(SparkPlan newChild) {
    return new EmbedsGenerationExec(calls, results, passThrough, limits, newChild);
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return withNewChildInternal(newChildren.apply(0));
  }

  @Override
  public List<Object> constructorArguments() {
    return List.of(calls, results, passThrough, limits, child);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EmbedsGenerationExec that
        && constructorArguments().equals(that.constructorArguments());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
