package org.promptembeds.sql.plan;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.promptembeds.sql.values.Seqs;

/**
 * Analysis rule: every call moves into a projection of its own, where no later rule copies it. Only
 * ordinary nodes come of it, so self joins, views and the cache treat the plan as any other.
 */
public final class IsolateCalls extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    if (plan.analyzed()) {
      return plan;
    }

    LogicalPlan current = plan.mapChildren(Seqs.function(this::apply));
    boolean isReady = current.resolved() && !isFunctionBody(current);
    return isReady && Isolation.isNeeded(current) ? Isolation.isolate(current) : current;
  }

  /**
   * Whether {@code plan} is the body of a function written in SQL, over its arguments: Spark takes
   * the expression out of it, and puts it where the function is called.
   */
  private static boolean isFunctionBody(LogicalPlan plan) {
    return plan instanceof Project body
        && body.child() instanceof Project arguments
        && arguments.child() instanceof OneRowRelation
        && arguments
            .projectList()
            .exists(e -> ((Expression) e).exists(part -> part instanceof OuterReference));
  }
}
