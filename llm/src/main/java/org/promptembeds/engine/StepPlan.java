package org.promptembeds.engine;

import java.util.List;

/**
 * What the model computes in one step.
 *
 * @param moves copies inside the KV arena, done first and in order
 * @param chunks one per sequence, in any mixture of prefill and decode
 */
public record StepPlan(List<KvMove> moves, List<SequenceChunk> chunks) {
  public StepPlan {
    moves = List.copyOf(moves);
    chunks = List.copyOf(chunks);
  }

  /** Whether it can be done in two steps. */
  public boolean isDivisible() {
    return chunks.size() != 1 || chunks.get(0).isDivisible();
  }

  /** Positions computed by the step. */
  public int tokens() {
    return chunks.stream().mapToInt(SequenceChunk::length).sum();
  }
}
