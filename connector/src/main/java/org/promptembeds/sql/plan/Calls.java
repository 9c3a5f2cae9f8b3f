package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.values.Seqs;
import scala.Option;
import scala.collection.immutable.Seq;

/** Finds and replaces calls in expression trees, never looking into subqueries. */
final class Calls {
  private Calls() {}

  /** Whether a call that may be moved stands somewhere in {@code expression}. */
  static boolean contains(Expression expression) {
    if (expression instanceof SubqueryExpression) {
      return false;
    }

    return (expression instanceof GenerateFromEmbeds call && isMovable(call))
        || expression.children().exists(child -> contains(child));
  }

  /**
   * Whether {@code plan} or a plan below it holds a call outside of an operator of ours. A command,
   * such as {@code DELETE}, keeps its condition for the data source to read, and never evaluates
   * it.
   */
  static boolean remainIn(LogicalPlan plan) {
    boolean evaluates = !(plan instanceof EmbedsGeneration) && !(plan instanceof Command);
    return (evaluates && plan.expressions().exists(e -> contains(e)))
        || plan.children().exists(child -> remainIn(child));
  }

  /** A call of an outer row, or of a lambda's variable, cannot be evaluated below the operator. */
  private static boolean isMovable(GenerateFromEmbeds call) {
    return !call.exists(e -> e instanceof OuterReference) && !call.hasFreeVariable();
  }

  /** The isolated call that {@code expression} gives a name to, if that is what it is. */
  static Optional<GenerateFromEmbeds> isolated(Expression expression) {
    return expression instanceof Alias alias
            && alias.child() instanceof GenerateFromEmbeds call
            && call.isIsolated()
            && call.children().forall(input -> !contains(input))
        ? Optional.of(call)
        : Optional.empty();
  }

  static Alias alias(GenerateFromEmbeds call) {
    return new Alias(
        call,
        call.function().sqlName(),
        NamedExpression$.MODULE$.newExprId(),
        Seqs.of(List.of()),
        Option.empty(),
        Seqs.of(List.of()));
  }

  /** {@code column} under the name and identity of {@code original}. */
  static NamedExpression rename(Attribute column, NamedExpression original) {
    return new Alias(
        (Expression) column,
        original.name(),
        original.exprId(),
        original.qualifier(),
        Option.empty(),
        Seqs.of(List.of()));
  }

  static boolean sameGuard(@Nullable Expression left, @Nullable Expression right) {
    return (left == null || right == null) ? left == right : left.semanticEquals(right);
  }

  /** The calls of {@code plan} itself, with their guards. */
  static List<CallSite> collect(LogicalPlan plan) {
    List<CallSite> sites = new ArrayList<>();
    for (Expression expression : Seqs.list(plan.expressions())) {
      boolean isCondition = plan instanceof Filter || plan instanceof Join;
      for (Expression part : isCondition ? conjuncts(expression) : List.of(expression)) {
        sites.addAll(collect(part));
      }
    }

    return sites;
  }

  /** The calls of {@code expression}, with their guards. */
  static List<CallSite> collect(Expression expression) {
    List<CallSite> sites = new ArrayList<>();
    new GuardedWalk(
            (call, guard) -> {
              if (isMovable(call)) {
                sites.add(new CallSite(call, guard));
              }
            })
        .walk(expression, null);
    return sites;
  }

  /** The operands of a chain of ANDs. */
  static List<Expression> conjuncts(Expression condition) {
    List<Expression> conjuncts = new ArrayList<>();
    if (condition instanceof And and) {
      conjuncts.addAll(conjuncts(and.left()));
      conjuncts.addAll(conjuncts(and.right()));
    } else {
      conjuncts.add(condition);
    }

    return conjuncts;
  }

  /** {@code expression} with its calls replaced, outermost first. */
  static Expression rewrite(
      Expression expression, Function<GenerateFromEmbeds, Expression> replacement) {
    if (expression instanceof SubqueryExpression) {
      return expression;
    }

    if (expression instanceof GenerateFromEmbeds call) {
      Expression replaced = replacement.apply(call);
      if (replaced != call) {
        return replaced;
      }
    }

    return expression.mapChildren(Seqs.function(child -> rewrite(child, replacement)));
  }

  /** {@code expression} over a projection's {@code columns} in terms of its input. */
  static Expression throughAliases(Expression expression, Seq<NamedExpression> columns) {
    if (expression instanceof Attribute attribute) {
      for (NamedExpression named : Seqs.list(columns)) {
        if (named instanceof Alias alias
            && alias.exprId().equals(attribute.exprId())
            && alias.deterministic()) {
          return alias.child();
        }
      }
    }

    return expression.mapChildren(
        Seqs.function((Expression child) -> throughAliases(child, columns)));
  }
}
