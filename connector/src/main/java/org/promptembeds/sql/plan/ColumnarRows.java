package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.ColumnarRule;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.execution.ColumnarRowsExec;
import org.promptembeds.sql.execution.EmbedsGenerationExec;
import org.promptembeds.sql.values.Seqs;
import org.promptembeds.sql.values.SessionSettings;

/**
 * Planner rule: where a columnar operator feeds {@link EmbedsGenerationExec}, with nothing but
 * filters and projections between, {@link ColumnarRowsExec} takes the place of the conversion to
 * rows and of what lies above it.
 */
public final class ColumnarRows extends ColumnarRule {
  @Override
  public Rule<SparkPlan> postColumnarTransitions() {
    return new AfterTransitions();
  }

  private static final class AfterTransitions extends Rule<SparkPlan> {
    @Override
    public SparkPlan apply(SparkPlan plan) {
      SparkPlan current = plan.mapChildren(Seqs.function(this::apply));
      if (!(current instanceof EmbedsGenerationExec generation)) {
        return current;
      }

      SparkPlan child =
          SessionSettings.current().columnarInput() ? columnar(generation.child()) : null;
      return child == null ? current : generation.withNewChildInternal(child);
    }
  }

  /** What replaces {@code plan}, the operator's input; null if it stays as it is. */
  private static @Nullable SparkPlan columnar(SparkPlan plan) {
    List<NamedExpression> columns = new ArrayList<>();
    SparkPlan node = plan;
    if (plan instanceof ProjectExec project) {
      columns.addAll(Seqs.list(project.projectList()));
      node = project.child();
    } else {
      columns.addAll(Seqs.list(plan.output()));
    }

    List<Expression> conditions = new ArrayList<>();
    while (!(node instanceof ColumnarToRowExec)) {
      if (node instanceof FilterExec filter) {
        conditions.add(0, filter.condition());
        node = filter.child();
      } else if (node instanceof ProjectExec project && onlyRenames(project)) {
        columns.replaceAll(column -> below(column, project));
        conditions.replaceAll(e -> Calls.throughAliases(e, project.projectList()));
        node = project.child();
      } else {
        return null;
      }
    }

    return columns.stream().allMatch(column -> isPlain((Expression) column))
            && conditions.stream().allMatch(ColumnarRows::isPlain)
        ? ColumnarRowsExec.of(columns, conditions, ((ColumnarToRowExec) node).child())
        : null;
  }

  /** {@code column} in terms of the input of {@code project}, under the name that it has. */
  private static NamedExpression below(NamedExpression column, ProjectExec project) {
    Expression below = Calls.throughAliases((Expression) column, project.projectList());
    return below instanceof Attribute attribute && !attribute.exprId().equals(column.exprId())
        ? Calls.rename(attribute, column)
        : (NamedExpression) below;
  }

  private static boolean onlyRenames(ProjectExec project) {
    return Seqs.list(project.projectList()).stream()
        .allMatch(
            column ->
                column instanceof Attribute
                    || ((Expression) column).children().forall(e -> e instanceof Attribute));
  }

  /** Whether the value depends on the row alone: not on others, and on no subquery's result. */
  private static boolean isPlain(Expression expression) {
    return expression.deterministic() && !expression.exists(e -> e instanceof PlanExpression<?>);
  }
}
