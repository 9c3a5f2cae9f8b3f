package org.promptembeds.sql.plan;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.promptembeds.sql.values.Seqs;

/**
 * {@code LIMIT}, perhaps with {@code OFFSET}, as the optimizer leaves it: {@code GlobalLimit},
 * {@code Offset}, {@code LocalLimit}.
 *
 * @param limit the outermost node
 * @param input the rows that it chooses from
 */
record LimitedRows(GlobalLimit limit, LogicalPlan input) {

  /** {@code plan} if it is a limit. */
  static Optional<LimitedRows> of(LogicalPlan plan) {
    if (!(plan instanceof GlobalLimit limit)) {
      return Optional.empty();
    }

    LogicalPlan child = limit.child() instanceof Offset offset ? offset.child() : limit.child();
    return child instanceof LocalLimit local
        ? Optional.of(new LimitedRows(limit, local.child()))
        : Optional.empty();
  }

  /** The same choice from other rows. */
  LogicalPlan from(LogicalPlan newInput) {
    return replaceInput(limit, newInput);
  }

  private LogicalPlan replaceInput(LogicalPlan plan, LogicalPlan newInput) {
    return plan == input
        ? newInput
        : plan.withNewChildren(Seqs.of(List.of(replaceInput(plan.children().apply(0), newInput))));
  }
}
