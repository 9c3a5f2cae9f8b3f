package org.promptembeds.sql.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.promptembeds.sql.values.Seqs;
import scala.Option;

/**
 * Optimizer rule: a global sort samples its input before it shuffles it, which would generate
 * twice. A plain shuffle in between keeps the generated rows for the second reading.
 */
public final class ShuffleBeforeSampling extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    LogicalPlan current =
        plan.mapChildren(
            Seqs.function(child -> plan instanceof LocalLimit ? limited(child) : apply(child)));
    return samples(current) && generates(current.children().apply(0))
        ? current.withNewChildren(Seqs.of(List.of(shuffle(current.children().apply(0)))))
        : current;
  }

  /** The first rows of an order are kept in a heap per partition, without sampling. */
  private LogicalPlan limited(LogicalPlan plan) {
    if (plan instanceof Sort) {
      return plan.mapChildren(Seqs.function(this::apply));
    }

    return plan instanceof Project project && project.child() instanceof Sort
        ? plan.mapChildren(Seqs.function(this::limited))
        : apply(plan);
  }

  private static boolean samples(LogicalPlan plan) {
    return (plan instanceof Sort sort && sort.global())
        || (plan instanceof RepartitionByExpression repartition
            && repartition.partitionExpressions().exists(e -> e instanceof SortOrder));
  }

  /** Whether reading {@code plan} again would generate again: no shuffle keeps its rows. */
  private static boolean generates(LogicalPlan plan) {
    if (plan instanceof EmbedsGeneration) {
      return true;
    }

    boolean isShuffled =
        plan instanceof Aggregate
            || plan instanceof Distinct
            || plan instanceof Window
            || (plan instanceof RepartitionOperation repartition && repartition.shuffle())
            || samples(plan);
    return !isShuffled && plan.children().exists(child -> generates(child));
  }

  private static LogicalPlan shuffle(LogicalPlan plan) {
    return new RepartitionByExpression(Seqs.of(List.of()), plan, Option.empty(), Option.empty());
  }
}
