package org.promptembeds.engine;

import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.BatchSettings.PREFIX_CACHING;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * The core of the engine, driven turn by turn: plan and submit steps until as many are under way as
 * the runner can use, wait for the oldest, commit its tokens.
 *
 * <pre>
 *   host    plan n+1 │ commit n-1, plan n+2 …    (depth 2)
 *   device  step n ──────────│ step n+1 ─────────
 * </pre>
 *
 * <p>Confined to one thread, on which it also completes the results of sequences.
 */
final class EngineLoop {
  private final ModelRunner runner;
  private final int depth;
  private final Scheduler scheduler;
  private final KvArena arena;
  private final StepBudget budget;
  private final EngineCounters counters = new EngineCounters();
  private final LongSupplier nanoClock;

  /** In the order of submission. */
  private final Deque<UnderWay> underWay = new ArrayDeque<>();

  private volatile EngineStats published;

  private record UnderWay(ScheduledStep step, PendingStep pending) {}

  EngineLoop(ModelRunner runner, ModelSettings settings, LongSupplier nanoClock) {
    this.runner = runner;
    this.depth = runner.depth();
    this.arena = new KvArena(runner.limits().kvSlots());
    boolean prefixCaching = settings.value(PREFIX_CACHING) && runner.sharesPrefixes();
    PrefixCache prefixes = new PrefixCache(arena, prefixCaching);
    this.scheduler =
        new Scheduler(
            arena,
            prefixes,
            Math.min(settings.value(MAX_SEQUENCES), runner.maxSequences()),
            runner.adapterBytes(),
            !runner.sharesPrefixes(),
            counters);
    this.budget = new StepBudget(settings.value(MAX_STEP_TOKENS));
    this.nanoClock = nanoClock;
    this.published = stats();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Whether {@link #step} has nothing to do. */
  boolean isIdle() {
    return underWay.isEmpty() && scheduler.isIdle();
  }

  /** Takes the sequences of a row, but those that nobody waits for any more. */
  void add(List<Sequence> row) {
    // Asked once for all beams of a search, which come all or none: callers may give up meanwhile.
    boolean beams = row.get(0).gang() != null && isWanted(row.get(0));
    for (Sequence sequence : row) {
      if (beams || (sequence.gang() == null && isWanted(sequence))) {
        scheduler.add(sequence, nanoClock.getAsLong());
      }
    }
  }

  private static boolean isWanted(Sequence sequence) {
    BeamGang gang = sequence.gang();
    return gang == null ? !sequence.result().isDone() : gang.isWanted();
  }

  /** Frees what {@code sequence} holds. */
  void cancel(Sequence sequence) {
    sequence.result().cancel(false);
    if (!isWanted(sequence)) {
      sequence.together().forEach(scheduler::remove);
    }
  }

  /** Ends everything with {@code failure}. */
  void failAll(BackendException failure) {
    underWay.clear();
    for (Sequence sequence : scheduler.removeAll()) {
      sequence.result().completeExceptionally(failure);
    }
  }

  /**
   * Submits what there is to compute and waits for one step.
   *
   * @return whether there was anything to do
   * @throws RuntimeException what the runner throws, besides {@link DeviceMemoryException}; the
   *     loop is of no use afterwards
   */
  boolean step() {
    boolean busy = submitSteps();
    UnderWay oldest = underWay.poll();
    if (oldest == null) {
      return busy;
    }

    StepResult result;
    try {
      result = oldest.pending().await();
    } catch (DeviceMemoryException | AdapterException e) {
      counters.device.ended(nanoClock.getAsLong(), false);
      while (!underWay.isEmpty()) {
        scheduler.abort(underWay.removeLast().step());
      }

      fail(oldest.step(), e);
      return true;
    }

    StepCheck.check(oldest.step().plan(), result, runner.limits().vocabSize());
    long now = nanoClock.getAsLong();
    counters.device.ended(now, !underWay.isEmpty());
    counters.steps++;
    budget.succeed();
    List<Sequence> finished = scheduler.commit(oldest.step(), result, now);
    if (scheduler.isIdle()) {
      counters.device.unwanted();
    }

    // INVARIANT: whoever has a result finds the steps that made it counted.
    publish();
    finished.forEach(Sequence::complete);
    oldest.step().sequences().forEach(this::tell);
    return true;
  }

  /** Returns whether anything was planned. */
  private boolean submitSteps() {
    boolean busy = false;
    while (underWay.size() < depth) {
      long now = nanoClock.getAsLong();
      if (scheduler.isIdle()) {
        counters.device.unwanted();
        return busy;
      }

      counters.device.wanted(now);
      ScheduledStep step = scheduler.plan(budget.tokens(), now, !underWay.isEmpty());
      if (step == null) {
        return busy;
      }

      busy = true;
      PendingStep pending = submit(step);
      if (pending == null) {
        // The next plan sees the tokens of all steps before: what failed is not referred to.
        return true;
      }

      underWay.add(new UnderWay(step, pending));
      counters.device.submitted(nanoClock.getAsLong());
    }

    return busy;
  }

  private @Nullable PendingStep submit(ScheduledStep step) {
    try {
      return runner.submit(step.plan());
    } catch (DeviceMemoryException | AdapterException e) {
      fail(step, e);
      return null;
    }
  }

  private void tell(Sequence sequence) {
    try {
      sequence.tell();
    } catch (BackendException e) {
      scheduler.remove(sequence);
      sequence.result().completeExceptionally(e);
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

  private void fail(ScheduledStep step, RuntimeException cause) {
    scheduler.abort(step);
    if (cause instanceof AdapterException failure) {
      for (Sequence sequence : scheduler.removeAll(failure.adapter())) {
        sequence
            .result()
            .completeExceptionally(RowFailures.withoutAdapter(sequence.row(), failure));
      }

      return;
    }

    counters.memoryFailures++;
    int tokens = step.plan().tokens();
    boolean smallerStepIsPossible = budget.shrink(tokens) && step.plan().isDivisible();
    // Alone on the device the same step may succeed; without moves, too: the arena keeps the new
    // places.
    if (smallerStepIsPossible || step.ahead() || !step.relocations().isEmpty()) {
      return;
    }

    Sequence sequence = step.sequences().get(0);
    BackendException failure =
        new BackendException(
            "row '%s': the device has too little memory to compute %s: give the KV cache less memory, or shorten the prompt of %d positions"
                .formatted(
                    sequence.row(),
                    tokens == 1 ? "a single token" : "a span of %d rows at once".formatted(tokens),
                    sequence.promptLength()),
            cause);
    for (Sequence each : sequence.together()) {
      scheduler.remove(each);
      each.result().completeExceptionally(failure);
    }
  }
}
