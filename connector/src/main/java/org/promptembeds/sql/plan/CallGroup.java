package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.jspecify.annotations.Nullable;
import org.promptembeds.sql.call.GenerateFromEmbeds;

/** Equal calls of one operator, which are generated for once. */
final class CallGroup {
  private final List<CallSite> sites = new ArrayList<>();

  private CallGroup() {}

  /**
   * The groups that wait for no other call. Where calls guard each other so that none is ready, the
   * guards are given up.
   */
  static List<CallGroup> ready(List<CallSite> sites) {
    List<CallGroup> groups = new ArrayList<>();
    for (CallSite site : sites) {
      if (site.hasReadyInputs()) {
        groupOf(site.call(), groups).sites.add(site);
      }
    }

    List<CallGroup> ready = groups.stream().filter(CallGroup::isReady).toList();
    return ready.isEmpty() ? groups : ready;
  }

  private static CallGroup groupOf(GenerateFromEmbeds call, List<CallGroup> groups) {
    for (CallGroup group : groups) {
      if (group.contains(call)) {
        return group;
      }
    }

    CallGroup group = new CallGroup();
    groups.add(group);
    return group;
  }

  private boolean isReady() {
    return isUnconditional() || sites.stream().allMatch(CallSite::isReady);
  }

  private boolean isUnconditional() {
    return sites.stream().anyMatch(site -> site.guard() == null);
  }

  private boolean contains(GenerateFromEmbeds call) {
    return sites.get(0).call().isSameCall(call)
        && Calls.sameGuard(sites.get(0).call().guard(), call.guard());
  }

  /** The one call to make, wanted wherever any of the equal calls is. */
  GenerateFromEmbeds call() {
    GenerateFromEmbeds first = sites.get(0).call();
    return first.isIsolated() ? first : first.isolate(guard());
  }

  private @Nullable Expression guard() {
    if (isUnconditional() || !isReady()) {
      return null;
    }

    return sites.stream().map(CallSite::guard).distinct().reduce(Or::new).orElseThrow();
  }

  /** {@code expression} with {@code result} in place of the calls. */
  Expression replace(Expression expression, Attribute result) {
    return Calls.rewrite(expression, call -> !sites.isEmpty() && contains(call) ? result : call);
  }
}
