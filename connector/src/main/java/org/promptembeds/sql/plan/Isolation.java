package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.values.Seqs;
import scala.Option;

/**
 * Moves the calls of one operator into projections of their own below it, innermost calls first, so
 * that each stands directly under an alias: {@code Project(child.output ++ [call AS c])}.
 */
final class Isolation {
  private Isolation() {}

  /** Whether {@code plan} itself holds a call that is not at home in a projection. */
  static boolean isNeeded(LogicalPlan plan) {
    return !(plan instanceof Command)
        && !(plan instanceof EmbedsGeneration)
        && Seqs.list(plan.expressions()).stream()
            .anyMatch(expression -> !isHome(plan, expression) && Calls.contains(expression));
  }

  private static boolean isHome(LogicalPlan plan, Expression expression) {
    return plan instanceof Project && Calls.isolated(expression).isPresent();
  }

  /** {@code plan} with its calls at home; its output stays the same. */
  static LogicalPlan isolate(LogicalPlan plan) {
    LogicalPlan current = plan;
    while (isNeeded(current)) {
      LogicalPlan next = step(current);
      if (next == current) {
        break; // nothing here that may be moved, such as a call of a correlated subquery
      }

      current = next;
    }

    return current.output().size() == plan.output().size()
        ? current
        : new Project(Seqs.of(Seqs.list(plan.output())), current);
  }

  private static LogicalPlan step(LogicalPlan plan) {
    if (plan instanceof Aggregate aggregate) {
      return AggregateIsolation.isolate(aggregate);
    }

    return plan instanceof Join join ? isolateJoin(join) : below(plan, Calls.collect(plan));
  }

  /** Calls that need both sides of an inner join are filtered for above it. */
  private static LogicalPlan isolateJoin(Join join) {
    LogicalPlan moved = below(join, Calls.collect(join));
    if (moved != join || !(join.joinType() instanceof InnerLike)) {
      return moved;
    }

    List<Expression> staying = new ArrayList<>();
    List<Expression> leaving = new ArrayList<>();
    for (Expression conjunct : Calls.conjuncts(join.condition().get())) {
      (Calls.contains(conjunct) ? leaving : staying).add(conjunct);
    }

    Join bare =
        join.copy(
            join.left(),
            join.right(),
            join.joinType(),
            Option.apply(staying.stream().reduce(And::new).orElse(null)),
            join.hint());
    return new Filter(leaving.stream().reduce(And::new).orElseThrow(), bare);
  }

  /** Puts those of {@code found} that are ready below {@code plan}; the same plan if none is. */
  private static LogicalPlan below(LogicalPlan plan, List<CallSite> found) {
    Placement placement = place(Seqs.list(plan.children()), found);
    if (placement.isEmpty()) {
      return plan;
    }

    LogicalPlan replaced = plan.mapExpressions(Seqs.function(placement::replace));
    return replaced.withNewChildren(Seqs.of(placement.children()));
  }

  /** Appends those of {@code found} that are ready to the child that has what they need. */
  static Placement place(List<LogicalPlan> children, List<CallSite> found) {
    List<LogicalPlan> newChildren = new ArrayList<>(children);
    Map<CallGroup, Attribute> results = new LinkedHashMap<>();
    for (CallGroup group : CallGroup.ready(found)) {
      GenerateFromEmbeds call = group.call();
      Optional<Integer> side = sideOf(newChildren, call);
      if (side.isPresent()) {
        Alias alias = Calls.alias(call);
        newChildren.set(side.get(), append(newChildren.get(side.get()), alias));
        results.put(group, alias.toAttribute());
      }
    }

    return new Placement(newChildren, results);
  }

  /**
   * Calls that were put below an operator.
   *
   * @param children the operator's new children
   * @param results the column of each call's result
   */
  record Placement(List<LogicalPlan> children, Map<CallGroup, Attribute> results) {
    boolean isEmpty() {
      return results.isEmpty();
    }

    /** {@code expression} with results in place of calls. */
    Expression replace(Expression expression) {
      Expression replaced = expression;
      for (Map.Entry<CallGroup, Attribute> result : results.entrySet()) {
        replaced = result.getKey().replace(replaced, result.getValue());
      }

      return replaced;
    }
  }

  private static Optional<Integer> sideOf(List<LogicalPlan> children, GenerateFromEmbeds call) {
    for (int i = 0; i < children.size(); i++) {
      if (call.references().subsetOf(children.get(i).outputSet())) {
        return Optional.of(i);
      }
    }

    return Optional.empty();
  }

  /** Independent calls share a projection. */
  private static LogicalPlan append(LogicalPlan child, Alias alias) {
    if (child instanceof Project project
        && Seqs.list(project.projectList()).stream()
            .anyMatch(e -> Calls.isolated((Expression) e).isPresent())
        && alias.references().subsetOf(project.child().outputSet())
        && keeps(project, alias.references())) {
      List<NamedExpression> list = new ArrayList<>(Seqs.list(project.projectList()));
      list.add(alias);
      return project.copy(Seqs.of(list), project.child());
    }

    List<NamedExpression> list = new ArrayList<>(Seqs.list(child.output()));
    list.add(alias);
    return new Project(Seqs.of(list), child);
  }

  private static boolean keeps(Project project, AttributeSet references) {
    return Seqs.list(references.toSeq()).stream()
        .allMatch(
            attribute ->
                Seqs.list(project.projectList()).stream()
                    .anyMatch(
                        e -> e instanceof Attribute a && a.exprId().equals(attribute.exprId())));
  }
}
