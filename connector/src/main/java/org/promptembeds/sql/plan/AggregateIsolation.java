package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.promptembeds.sql.values.Seqs;
import scala.Option;

/**
 * Isolates the calls of an aggregation. Those in grouping expressions and under aggregate functions
 * go below it, where there is a row for each; those over its results go above, where there is one
 * for each group.
 */
final class AggregateIsolation {
  private AggregateIsolation() {}

  static LogicalPlan isolate(Aggregate aggregate) {
    List<CallSite> inputs = inputs(aggregate);
    return inputs.isEmpty() ? above(aggregate) : below(aggregate, inputs);
  }

  private static List<CallSite> inputs(Aggregate aggregate) {
    List<CallSite> sites = new ArrayList<>();
    Seqs.list(aggregate.groupingExpressions()).forEach(e -> sites.addAll(Calls.collect(e)));
    for (NamedExpression named : Seqs.list(aggregate.aggregateExpressions())) {
      for (Expression function : aggregateFunctions((Expression) named)) {
        sites.addAll(Calls.collect(function));
      }
    }

    return sites;
  }

  private static List<Expression> aggregateFunctions(Expression expression) {
    if (expression instanceof AggregateExpression) {
      return List.of(expression);
    }

    List<Expression> functions = new ArrayList<>();
    Seqs.list(expression.children()).forEach(child -> functions.addAll(aggregateFunctions(child)));
    return functions;
  }

  /** Results repeat grouping expressions, so these are replaced whole in the results as well. */
  private static LogicalPlan below(Aggregate aggregate, List<CallSite> inputs) {
    Isolation.Placement placement = Isolation.place(List.of(aggregate.child()), inputs);
    List<Expression> grouping = Seqs.list(aggregate.groupingExpressions());
    List<Expression> newGrouping = grouping.stream().map(placement::replace).toList();
    List<NamedExpression> results = new ArrayList<>();
    for (NamedExpression named : Seqs.list(aggregate.aggregateExpressions())) {
      Expression result = replaceInputs((Expression) named, grouping, newGrouping, placement);
      results.add(named(result, named));
    }

    return copy(aggregate, newGrouping, results, placement.children().get(0));
  }

  private static Expression replaceInputs(
      Expression expression,
      List<Expression> grouping,
      List<Expression> newGrouping,
      Isolation.Placement placement) {
    if (expression instanceof AggregateExpression) {
      return placement.replace(expression);
    }

    for (int i = 0; i < grouping.size(); i++) {
      if (Calls.contains(grouping.get(i)) && grouping.get(i).semanticEquals(expression)) {
        return newGrouping.get(i);
      }
    }

    return expression.mapChildren(
        Seqs.function(
            (Expression child) -> replaceInputs(child, grouping, newGrouping, placement)));
  }

  /** Leaves in the aggregation what a call above needs of it. */
  private static LogicalPlan above(Aggregate aggregate) {
    List<Expression> grouping = Seqs.list(aggregate.groupingExpressions());
    List<NamedExpression> below = new ArrayList<>();
    List<NamedExpression> results = new ArrayList<>();
    for (NamedExpression named : Seqs.list(aggregate.aggregateExpressions())) {
      if (Calls.contains((Expression) named)) {
        results.add(named(split((Expression) named, grouping, below), named));
      } else {
        below.add(named);
        results.add(named.toAttribute());
      }
    }

    return Isolation.isolate(
        new Project(Seqs.of(results), copy(aggregate, grouping, below, aggregate.child())));
  }

  private static Expression split(
      Expression expression, List<Expression> grouping, List<NamedExpression> below) {
    boolean isGrouping = grouping.stream().anyMatch(expression::semanticEquals);
    if (isGrouping && expression instanceof Attribute attribute) {
      if (below.stream().noneMatch(e -> e.toAttribute().exprId().equals(attribute.exprId()))) {
        below.add(attribute);
      }

      return attribute;
    }

    if (isGrouping || expression instanceof AggregateExpression) {
      Alias alias = alias(expression);
      below.add(alias);
      return alias.toAttribute();
    }

    return expression.mapChildren(
        Seqs.function((Expression child) -> split(child, grouping, below)));
  }

  private static NamedExpression named(Expression result, NamedExpression original) {
    return result instanceof NamedExpression named && named.exprId().equals(original.exprId())
        ? named
        : new Alias(
            result,
            original.name(),
            original.exprId(),
            original.qualifier(),
            Option.empty(),
            Seqs.of(List.of()));
  }

  private static Alias alias(Expression expression) {
    return new Alias(
        expression,
        "input",
        NamedExpression$.MODULE$.newExprId(),
        Seqs.of(List.of()),
        Option.empty(),
        Seqs.of(List.of()));
  }

  private static LogicalPlan copy(
      Aggregate aggregate,
      List<Expression> grouping,
      List<NamedExpression> results,
      LogicalPlan child) {
    Object[] arguments = new Object[aggregate.productArity()]; // 3 in Spark 3.5, 4 in Spark 4
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = aggregate.productElement(i);
    }

    arguments[0] = Seqs.of(grouping);
    arguments[1] = Seqs.of(results);
    arguments[2] = child;
    return aggregate.makeCopy(arguments);
  }
}
