package org.promptembeds.engine;

import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;

/**
 * The positions of one sequence that one step computes: {@code [start, start + length)}. Positions
 * below the prompt's length take their input from {@code embeds}, the others from {@code
 * outputTokenIds} through the embedding table.
 *
 * @param embeds prompt embeddings {@code (prompt_length, hidden_size)}
 * @param outputTokenIds tokens generated so far; the token at position p is at index p -
 *     prompt_length
 * @param start positions already in the KV cache
 * @param length positions to compute
 * @param region where the sequence's keys and values live; position p is at slot {@code
 *     region.start() + p}
 * @param sampling how to choose the token after the last position; null if the prompt goes on
 */
public record SequenceChunk(
    Tensor embeds,
    int[] outputTokenIds,
    int start,
    int length,
    KvRegion region,
    @Nullable TokenSampling sampling) {

  /** Positions of the prompt. */
  public int promptLength() {
    return (int) embeds.size(0);
  }

  /** Positions in the KV cache after the step. */
  public int end() {
    return start + length;
  }
}
