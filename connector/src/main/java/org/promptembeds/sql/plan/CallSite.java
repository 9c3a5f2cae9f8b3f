package org.promptembeds.sql.plan;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.call.GenerateFromEmbeds;

/**
 * A call and when its value is wanted.
 *
 * @param call as it stands in the expression
 * @param guard true for rows whose branch is taken; null if the call is always evaluated
 */
record CallSite(GenerateFromEmbeds call, @Nullable Expression guard) {

  /** Whether neither the inputs nor the guard wait for another call. */
  boolean isReady() {
    return hasReadyInputs() && (guard == null || !Calls.contains(guard));
  }

  /** Whether the inputs do not wait for another call. */
  boolean hasReadyInputs() {
    return call.children().forall(input -> !Calls.contains(input));
  }
}
