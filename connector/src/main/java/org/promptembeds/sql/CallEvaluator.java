package org.promptembeds.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.tensor.Tensor;

/** Turns the rows of a task into requests of one call; used by the task's thread. */
final class CallEvaluator {
  private final CallPlan plan;
  private final TaskBackends backends;
  private final @Nullable SamplingParams constantParams;

  CallEvaluator(CallPlan plan, TaskBackends backends) {
    this.plan = plan;
    this.backends = backends;
    this.constantParams = plan.constantParams();
  }

  /** What is to be done for {@code row}; nothing of the row is referred to afterwards. */
  RowCall prepare(String name, InternalRow row) {
    if (!plan.isWanted(row)) {
      return RowCall.unwanted(plan.function());
    }

    LoadedBackend loaded = backends.backend(plan.backend());
    try {
      Tensor embeds = plan.reader().read(row, plan.embedsColumn(), loaded.knownHiddenSize());
      SamplingParams params = constantParams == null ? plan.params(row) : constantParams;
      return RowCall.wanted(
          plan.function(), loaded.backend(), new GenerationRequest(name, embeds, params));
    } catch (InvalidRequestException e) {
      return RowCall.refused(plan.function(), e);
    }
  }
}
