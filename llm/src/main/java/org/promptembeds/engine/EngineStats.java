package org.promptembeds.engine;

import org.promptembeds.generation.BackendStats;

/**
 * What an engine has done so far, as of its last step.
 *
 * @param steps steps that succeeded
 * @param chunks sequences computed by those steps, summed over them
 * @param promptTokens prompt positions computed, each counted once
 * @param sharedTokens prompt positions copied from a row with the same beginning, not computed
 * @param generatedTokens tokens chosen
 * @param recomputedTokens positions computed more than once, after a pre-emption or a failed move
 * @param discardedTokens positions computed ahead of a step that ended their sequence
 * @param preemptions times that a sequence lost its KV slots to an older one
 * @param memoryFailures steps that the device had no memory for
 * @param finishedSequences sequences that came to their end
 * @param running sequences with KV slots
 * @param waiting sequences without
 * @param kvSlots KV slots of the arena
 * @param usedKvSlots KV slots reserved now
 * @param stepKvSlots KV slots reserved during the last step that succeeded
 * @param peakKvSlots most KV slots ever reserved at a time
 * @param queueNanos time from submission to the first step, summed over finished sequences
 * @param prefillNanos time from there to the first token, summed likewise
 * @param decodeNanos time from there to the last token, summed likewise
 * @param runnerNanos time in which the model had a step to compute
 * @param idleNanos time in which it had none, though there were sequences
 */
public record EngineStats(
    long steps,
    long chunks,
    long promptTokens,
    long sharedTokens,
    long generatedTokens,
    long recomputedTokens,
    long discardedTokens,
    long preemptions,
    long memoryFailures,
    long finishedSequences,
    int running,
    int waiting,
    int kvSlots,
    int usedKvSlots,
    int stepKvSlots,
    int peakKvSlots,
    long queueNanos,
    long prefillNanos,
    long decodeNanos,
    long runnerNanos,
    long idleNanos)
    implements BackendStats {

  /** Mean number of sequences computed by one step; 0 before the first. */
  public double meanBatchSize() {
    return steps == 0 ? 0 : (double) chunks / steps;
  }

  /** Part of the time with sequences in which the model had nothing to compute, 0 to 1. */
  public double idleShare() {
    long nanos = runnerNanos + idleNanos;
    return nanos == 0 ? 0 : (double) idleNanos / nanos;
  }
}
