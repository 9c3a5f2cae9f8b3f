package org.promptembeds.sql;

import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;

/**
 * Analysis rule: every call moves into a projection of its own, where no later rule copies it. Only
 * ordinary nodes come of it, so self joins, views and the cache treat the plan as any other.
 */
final class IsolateCalls extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    if (plan.analyzed()) {
      return plan;
    }

    LogicalPlan current = plan.mapChildren(Seqs.function(this::apply));
    return current.resolved() && Isolation.isNeeded(current) ? Isolation.isolate(current) : current;
  }
}
