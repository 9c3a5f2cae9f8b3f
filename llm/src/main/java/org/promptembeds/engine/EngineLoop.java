package org.promptembeds.engine;

import java.util.List;
import java.util.function.LongSupplier;
import org.promptembeds.engine.Scheduler.Plan;
import org.promptembeds.generation.BackendException;

/**
 * The core of the engine, driven step by step: plan, run, commit.
 *
 * <p>Confined to one thread, on which it also completes the results of sequences.
 */
final class EngineLoop {
  private final ModelRunner runner;
  private final Scheduler scheduler;
  private final KvArena arena;
  private final StepBudget budget;
  private final EngineCounters counters = new EngineCounters();
  private final LongSupplier nanoClock;
  private volatile EngineStats published;

  EngineLoop(ModelRunner runner, EngineOptions options, LongSupplier nanoClock) {
    this.runner = runner;
    this.arena = new KvArena(runner.limits().kvSlots());
    boolean prefixCaching = options.prefixCaching() && runner.sharesPrefixes();
    PrefixCache prefixes = new PrefixCache(arena, prefixCaching);
    this.scheduler =
        new Scheduler(
            arena, prefixes, Math.min(options.maxSequences(), runner.maxSequences()), counters);
    this.budget = new StepBudget(options.maxStepTokens());
    this.nanoClock = nanoClock;
    this.published = stats();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Whether {@link #step} has nothing to do. */
  boolean isIdle() {
    return scheduler.isIdle();
  }

  void add(Sequence sequence) {
    if (!sequence.result().isDone()) {
      scheduler.add(sequence, nanoClock.getAsLong());
    }
  }

  /** Frees what {@code sequence} holds. */
  void cancel(Sequence sequence) {
    scheduler.remove(sequence);
    sequence.result().cancel(false);
  }

  /** Ends everything with {@code failure}. */
  void failAll(BackendException failure) {
    for (Sequence sequence : scheduler.removeAll()) {
      sequence.result().completeExceptionally(failure);
    }
  }

  /**
   * Runs one step.
   *
   * @return whether there was anything to do
   * @throws RuntimeException what the runner throws, besides {@link DeviceMemoryException}; the
   *     loop is of no use afterwards
   */
  boolean step() {
    long planned = nanoClock.getAsLong();
    Plan plan = scheduler.plan(budget.tokens(), planned);
    if (plan == null) {
      return false;
    }

    StepResult result;
    try {
      result = runner.step(plan.step());
    } catch (DeviceMemoryException e) {
      scheduler.abort(plan);
      shrink(plan, e);
      return true;
    }

    check(plan.step(), result);
    long now = nanoClock.getAsLong();
    counters.runnerNanos += now - planned;
    counters.steps++;
    budget.succeed();
    List<Sequence> finished = scheduler.commit(plan, result, now);
    // INVARIANT: whoever has a result finds the steps that made it counted.
    publish();
    finished.forEach(EngineLoop::complete);
    plan.sequences().forEach(this::tell);
    return true;
  }

  private void tell(Sequence sequence) {
    try {
      sequence.tell();
    } catch (RuntimeException e) {
      scheduler.remove(sequence);
      sequence
          .result()
          .completeExceptionally(
              new BackendException(
                  "row '%s': telling of its output failed at token %d: %s"
                      .formatted(sequence.row(), sequence.outputLength(), e.getMessage()),
                  e));
    }
  }

  /** Shows other threads what was done so far. */
  void publish() {
    published = stats();
  }

  /** What was done as of the last {@link #publish}; for any thread. */
  EngineStats published() {
    return published;
  }

  EngineStats stats() {
    return counters.snapshot(scheduler.runningCount(), scheduler.waitingCount(), arena);
  }

  private void shrink(Plan plan, DeviceMemoryException cause) {
    counters.memoryFailures++;
    int tokens = plan.step().tokens();
    boolean smallerStepIsPossible = budget.shrink(tokens) && plan.step().isDivisible();
    // The same step comes without moves next: the arena keeps the new places.
    if (smallerStepIsPossible || !plan.relocations().isEmpty()) {
      return;
    }

    Sequence sequence = plan.sequences().get(0);
    scheduler.remove(sequence);
    sequence
        .result()
        .completeExceptionally(
            new BackendException(
                "row '%s': the device has too little memory to compute %s: give the KV cache less memory, or shorten the prompt of %d positions"
                    .formatted(
                        sequence.row(),
                        tokens == 1
                            ? "a single token"
                            : "a span of %d rows at once".formatted(tokens),
                        sequence.promptLength()),
                cause));
  }

  private static void complete(Sequence sequence) {
    RuntimeException failure = sequence.failure();
    if (failure == null) {
      try {
        sequence.result().complete(sequence.toResult());
        return;
      } catch (RuntimeException e) {
        failure = RowFailures.undecodable(sequence.row(), sequence.outputLength(), e);
      }
    }

    sequence.result().completeExceptionally(failure);
  }

  private void check(StepPlan plan, StepResult result) {
    List<SequenceChunk> chunks = plan.chunks();
    if (result.tokenIds().length != chunks.size() || result.logprobs().size() != chunks.size()) {
      throw new IllegalStateException(
          "the model chose %d tokens and %d log-probabilities for %d sequences"
              .formatted(result.tokenIds().length, result.logprobs().size(), chunks.size()));
    }

    int vocabSize = runner.limits().vocabSize();
    for (int i = 0; i < chunks.size(); i++) {
      int tokenId = result.tokenIds()[i];
      if (chunks.get(i).sampling() != null
          && tokenId != StepResult.NOT_FINITE
          && (tokenId < 0 || tokenId >= vocabSize)) {
        throw new IllegalStateException(
            "the model chose token %d, its vocabulary has %d".formatted(tokenId, vocabSize));
      }
    }
  }
}
