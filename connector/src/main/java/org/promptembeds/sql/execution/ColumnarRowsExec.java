package org.promptembeds.sql.execution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.values.BatchRow;
import org.promptembeds.sql.values.ProductNode;
import org.promptembeds.sql.values.Seqs;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * Physical operator: the rows of columnar batches as {@link BatchRow}s, filtered and projected, but
 * not copied. A row is valid until the next one is asked for.
 */
public final class ColumnarRowsExec extends SparkPlan implements ProductNode, UnaryExecNode {
  private static final long serialVersionUID = 1L;

  private final Seq<NamedExpression> columns;
  private final Seq<Expression> conditions;
  private final SparkPlan child;
  private @Nullable Map<String, SQLMetric> metrics; // made once, on the driver

  /**
   * Public with parameters in product order, as Catalyst copies nodes by reflection.
   *
   * @param columns the output: columns of the child, perhaps renamed, then what is computed
   * @param conditions what rows must satisfy, the first one first
   * @param child a columnar operator
   */
  public ColumnarRowsExec(
      Seq<NamedExpression> columns, Seq<Expression> conditions, SparkPlan child) {
    this.columns = columns;
    this.conditions = conditions;
    this.child = child;
  }

  /** The operator over {@code child} with {@code columns} in the order that it needs. */
  public static ColumnarRowsExec of(
      List<NamedExpression> columns, List<Expression> conditions, SparkPlan child) {
    List<NamedExpression> ordered = new ArrayList<>();
    columns.stream().filter(column -> stored(column) != null).forEach(ordered::add);
    columns.stream().filter(column -> stored(column) == null).forEach(ordered::add);
    return new ColumnarRowsExec(Seqs.of(ordered), Seqs.of(conditions), child);
  }

  /** The child's column that {@code column} is; null if it is computed. */
  static @Nullable Attribute stored(NamedExpression column) {
    if (column instanceof Attribute attribute) {
      return attribute;
    }

    return ((Expression) column).children().apply(0) instanceof Attribute attribute
        ? attribute
        : null;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    Map<String, SQLMetric> counters = metrics();
    BatchRowsFactory factory =
        new BatchRowsFactory(
            columns,
            conditions,
            child.output(),
            counters.apply("numInputBatches"),
            counters.apply("numOutputRows"));
    return child.executeColumnar().toJavaRDD().mapPartitionsWithIndex(factory, false).rdd();
  }

  @Override
  public synchronized Map<String, SQLMetric> metrics() {
    if (metrics == null) {
      java.util.Map<String, SQLMetric> byName = new LinkedHashMap<>();
      byName.put("numOutputRows", SQLMetrics.createMetric(sparkContext(), "number of output rows"));
      byName.put(
          "numInputBatches", SQLMetrics.createMetric(sparkContext(), "number of input batches"));
      metrics = Seqs.map(byName);
    }

    return metrics;
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return Seqs.of(Seqs.list(columns).stream().map(NamedExpression::toAttribute).toList());
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
    return "ColumnarRows";
  }

  @Override
  public String verboseStringWithOperatorId() {
    return "%s%nOutput: %s%nCondition: %s%n"
        .formatted(
            formattedNodeName(),
            columns.mkString("[", ", ", "]"),
            conditions.mkString("[", ", ", "]"));
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
    return new ColumnarRowsExec(columns, conditions, newChild);
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return withNewChildInternal(newChildren.apply(0));
  }

  @Override
  public List<Object> constructorArguments() {
    return List.of(columns, conditions, child);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ColumnarRowsExec that
        && constructorArguments().equals(that.constructorArguments());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
