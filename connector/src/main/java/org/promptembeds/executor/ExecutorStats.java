package org.promptembeds.executor;

import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendStats;

/**
 * What the backends of one executor do now, and have done since its JVM started. Totals never
 * decrease; backends that do not tell, such as servers, count as models and nothing else.
 *
 * @param models backends loaded
 * @param running sequences with KV slots
 * @param waiting sequences without
 * @param steps steps of all models
 * @param chunks sequences computed by those steps, summed over them
 * @param promptTokens prompt positions computed
 * @param sharedTokens prompt positions taken over from rows that begin alike
 * @param generatedTokens tokens generated
 * @param preemptions times that a sequence lost its KV slots to an older one
 * @param memoryFailures steps that a device had no memory for
 * @param kvSlots KV slots of the models loaded
 * @param usedKvSlots KV slots held by sequences
 * @param peakKvSlots most KV slots held at a time, summed over the models loaded
 */
public record ExecutorStats(
    int models,
    int running,
    int waiting,
    long steps,
    long chunks,
    long promptTokens,
    long sharedTokens,
    long generatedTokens,
    long preemptions,
    long memoryFailures,
    long kvSlots,
    long usedKvSlots,
    long peakKvSlots) {
  static final ExecutorStats NONE = new ExecutorStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** These and a loaded backend's. */
  ExecutorStats plus(@Nullable BackendStats stats) {
    ExecutorStats totals = plusTotals(stats);
    return new ExecutorStats(
        models + 1,
        running + (stats == null ? 0 : stats.running()),
        waiting + (stats == null ? 0 : stats.waiting()),
        totals.steps,
        totals.chunks,
        totals.promptTokens,
        totals.sharedTokens,
        totals.generatedTokens,
        totals.preemptions,
        totals.memoryFailures,
        kvSlots + (stats == null ? 0 : stats.kvSlots()),
        usedKvSlots + (stats == null ? 0 : stats.usedKvSlots()),
        peakKvSlots + (stats == null ? 0 : stats.peakKvSlots()));
  }

  /** These and what a backend has done that is loaded no more. */
  ExecutorStats plusTotals(@Nullable BackendStats stats) {
    if (stats == null) {
      return this;
    }

    return new ExecutorStats(
        models,
        running,
        waiting,
        steps + stats.steps(),
        chunks + stats.chunks(),
        promptTokens + stats.promptTokens(),
        sharedTokens + stats.sharedTokens(),
        generatedTokens + stats.generatedTokens(),
        preemptions + stats.preemptions(),
        memoryFailures + stats.memoryFailures(),
        kvSlots,
        usedKvSlots,
        peakKvSlots);
  }
}
