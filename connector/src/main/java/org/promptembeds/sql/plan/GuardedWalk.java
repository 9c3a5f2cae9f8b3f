package org.promptembeds.sql.plan;

import java.util.List;
import java.util.function.BiConsumer;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.values.Seqs;
import scala.Tuple2;

/**
 * Visits the calls of an expression with the condition under which Spark would evaluate them: that
 * of the branch of {@code CASE}, {@code IF}, {@code COALESCE}, or of the right side of {@code AND}
 * and {@code OR}. A guard that is true where the call is not needed costs a generation; the other
 * way round it would change a result, so what cannot be said in a guard is left out of it.
 */
final class GuardedWalk {
  private final BiConsumer<GenerateFromEmbeds, @Nullable Expression> visitor;

  GuardedWalk(BiConsumer<GenerateFromEmbeds, @Nullable Expression> visitor) {
    this.visitor = visitor;
  }

  /** Visits the calls under {@code expression}, inner ones first. */
  void walk(Expression expression, @Nullable Expression guard) {
    if (expression instanceof If choice) {
      walk(choice.predicate(), guard);
      walk(choice.trueValue(), and(guard, choice.predicate()));
      walk(choice.falseValue(), and(guard, isNot(choice.predicate(), true)));
    } else if (expression instanceof CaseWhen choice) {
      walkBranches(choice, guard);
    } else if (expression instanceof Coalesce coalesce) {
      walkAlternatives(Seqs.list(coalesce.children()), guard);
    } else if (expression instanceof And and) {
      walk(and.left(), guard);
      walk(and.right(), and(guard, isNot(and.left(), false)));
    } else if (expression instanceof Or or) {
      walk(or.left(), guard);
      walk(or.right(), and(guard, isNot(or.left(), true)));
    } else if (expression instanceof AggregateExpression aggregate
        && aggregate.filter().isDefined()) {
      walk(aggregate.filter().get(), guard);
      walk(aggregate.aggregateFunction(), and(guard, aggregate.filter().get()));
    } else if (!(expression instanceof SubqueryExpression)) {
      Seqs.list(expression.children()).forEach(child -> walk(child, guard));
      if (expression instanceof GenerateFromEmbeds call) {
        visitor.accept(call, guard);
      }
    }
  }

  private void walkBranches(CaseWhen choice, @Nullable Expression guard) {
    Expression remaining = guard;
    for (Tuple2<Expression, Expression> branch : Seqs.list(choice.branches())) {
      walk(branch._1(), remaining);
      walk(branch._2(), and(remaining, branch._1()));
      remaining = and(remaining, isNot(branch._1(), true));
    }

    if (choice.elseValue().isDefined()) {
      walk(choice.elseValue().get(), remaining);
    }
  }

  private void walkAlternatives(List<Expression> alternatives, @Nullable Expression guard) {
    Expression remaining = guard;
    for (Expression alternative : alternatives) {
      walk(alternative, remaining);
      remaining = and(remaining, new IsNull(alternative));
    }
  }

  private static @Nullable Expression and(@Nullable Expression guard, Expression condition) {
    if (!canGuard(condition)) {
      return guard;
    }

    return guard == null ? condition : new And(guard, condition);
  }

  /** Whether {@code condition} has one and the same value for a row, wherever it is evaluated. */
  private static boolean canGuard(Expression condition) {
    return condition.deterministic()
        && !condition.exists(
            e ->
                e instanceof SubqueryExpression
                    || e instanceof OuterReference
                    || e instanceof NamedLambdaVariable
                    || e instanceof AggregateExpression);
  }

  private static Expression isNot(Expression condition, boolean value) {
    return new Not(new EqualNullSafe(condition, Literal.create(value, DataTypes.BooleanType)));
  }
}
