package org.promptembeds.engine;

import org.promptembeds.generation.GenerationTimings;

/** Running totals of the engine; confined to the engine's thread. */
final class EngineCounters {
  long steps;
  long chunks;
  long promptTokens;
  long sharedTokens;
  long generatedTokens;
  long recomputedTokens;
  private long discardedTokens;
  long preemptions;
  long memoryFailures;
  int stepKvSlots;
  private long finishedSequences;
  private long queueNanos;
  private long prefillNanos;
  private long decodeNanos;
  final DeviceTimeline device = new DeviceTimeline();

  void computed(SequenceChunk chunk, int again, int tokenId) {
    chunks++;
    recomputedTokens += again;
    int first = chunk.start() + again;
    generatedTokens += tokenId < 0 ? 0 : 1;
    promptTokens += Math.max(0, Math.min(chunk.promptLength(), chunk.end()) - first);
  }

  /** Counts tokens that came behind a chosen one because nothing else could. */
  void forced(int tokens) {
    generatedTokens += Math.max(0, tokens);
  }

  /** Counts a chunk whose sequence had ended when the step did. */
  void discarded(SequenceChunk chunk) {
    discardedTokens += chunk.length();
  }

  void finished(Sequence sequence) {
    finishedSequences++;
    GenerationTimings timings = sequence.timings();
    queueNanos += timings.queueNanos();
    prefillNanos += timings.prefillNanos();
    decodeNanos += timings.decodeNanos();
  }

  EngineStats snapshot(int running, int waiting, KvArena arena) {
    return new EngineStats(
        steps,
        chunks,
        promptTokens,
        sharedTokens,
        generatedTokens,
        recomputedTokens,
        discardedTokens,
        preemptions,
        memoryFailures,
        finishedSequences,
        running,
        waiting,
        arena.slots(),
        arena.slots() - arena.freeSlots(),
        stepKvSlots,
        arena.peakSlots(),
        queueNanos,
        prefillNanos,
        decodeNanos,
        device.busyNanos(),
        device.idleNanos());
  }
}
