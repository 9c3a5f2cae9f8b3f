package org.promptembeds.sql.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionSet;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.call.GeneratedColumn;
import org.promptembeds.sql.values.ProductNode;
import org.promptembeds.sql.values.Seqs;
import scala.Function1;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Logical operator: the child's rows with generated columns. Its output is {@code passThrough},
 * columns of the child that are still wanted, followed by the results of {@code calls}.
 */
public final class EmbedsGeneration extends LogicalPlan implements ProductNode, UnaryNode {
  private final Seq<Expression> calls;
  private final Seq<Attribute> results;
  private final Seq<Attribute> passThrough;
  private final LogicalPlan child;

  /**
   * Public with parameters in product order, as Catalyst copies nodes by reflection.
   *
   * @param calls isolated calls
   * @param results the column of each call
   */
  public EmbedsGeneration(
      Seq<Expression> calls,
      Seq<Attribute> results,
      Seq<Attribute> passThrough,
      LogicalPlan child) {
    this.calls = calls;
    this.results = results;
    this.passThrough = passThrough;
    this.child = child;
  }

  static EmbedsGeneration of(
      List<GeneratedColumn> columns, List<Attribute> passThrough, LogicalPlan child) {
    return new EmbedsGeneration(
        GeneratedColumn.calls(columns),
        GeneratedColumn.results(columns),
        Seqs.of(passThrough),
        child);
  }

  List<GeneratedColumn> columns() {
    return GeneratedColumn.zip(calls, results);
  }

  List<Attribute> passThrough() {
    return Seqs.list(passThrough);
  }

  EmbedsGeneration withChild(LogicalPlan newChild) {
    return new EmbedsGeneration(calls, results, passThrough, newChild);
  }

  @Override
  public LogicalPlan child() {
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
  public Option<Object> maxRows() {
    return child.maxRows();
  }

  @Override
  public Option<Object> maxRowsPerPartition() {
    return child.maxRowsPerPartition();
  }

  @Override
  public Statistics stats() {
    return GenerationStatistics.of(this);
  }

  @Override
  public ExpressionSet validConstraints() {
    return UnaryNode.super.validConstraints();
  }

  @Override
  public Seq<LogicalPlan> children() {
    return Seqs.of(List.of(child));
  }

  @Override
  public LogicalPlan mapChildren(Function1<LogicalPlan, LogicalPlan> map) {
    return UnaryNode.super.mapChildren(map);
  }

  @Override
  public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
    return withChild(newChild);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
    return withChild(newChildren.apply(0));
  }

  @Override
  public String nodeName() {
    return "GenerateFromEmbeds";
  }

  @Override
  public List<Object> constructorArguments() {
    return List.of(calls, results, passThrough, child);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EmbedsGeneration that
        && constructorArguments().equals(that.constructorArguments());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
