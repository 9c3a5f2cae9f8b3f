package org.promptembeds.engine;

/** Running totals of the engine; confined to the engine's thread. */
final class EngineCounters {
  long steps;
  long chunks;
  long promptTokens;
  long generatedTokens;
  long recomputedTokens;
  long preemptions;
  long memoryFailures;
  private long finishedSequences;
  private long queueNanos;
  private long prefillNanos;
  private long decodeNanos;
  long runnerNanos;

  void computed(SequenceChunk chunk, int again) {
    chunks++;
    recomputedTokens += again;
    int first = chunk.start() + again;
    promptTokens += Math.max(0, Math.min(chunk.promptLength(), chunk.end()) - first);
    generatedTokens += chunk.sampling() == null ? 0 : 1;
  }

  void finished(Sequence sequence, long nowNanos) {
    finishedSequences++;
    queueNanos += sequence.queueNanos();
    prefillNanos += sequence.prefillNanos();
    decodeNanos += sequence.decodeNanos(nowNanos);
  }

  EngineStats snapshot(int running, int waiting, int peakKvSlots) {
    return new EngineStats(
        steps,
        chunks,
        promptTokens,
        generatedTokens,
        recomputedTokens,
        preemptions,
        memoryFailures,
        finishedSequences,
        running,
        waiting,
        peakKvSlots,
        queueNanos,
        prefillNanos,
        decodeNanos,
        runnerNanos);
  }
}
