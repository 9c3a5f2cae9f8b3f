package org.promptembeds.torch;

import java.nio.ByteBuffer;

/**
 * The arguments of {@code step} in {@code decoder.py}, which describes them; valid until the next
 * one is packed.
 *
 * @param plan numbers that choose code paths, in the order of {@code PLAN_*}
 * @param sizes lengths of the parts of {@code index}, in the order of {@code StepPart}
 * @param sequences per sequence of the step its queries, first slot and keys
 * @param index int32, the parts one after another
 * @param embeds bytes of the prompt embeddings of the step
 * @param sampling float64, {@value #SAMPLING_COLUMNS} for each row drawn at random
 * @param biases float64, one for each token with a bias
 * @param penalties float64, {@value #PENALTY_COLUMNS} for each sampled row; empty if none has any
 * @param rows row of the result that holds each chunk's token; -1 where the chunk gets none
 */
record StepInput(
    long[] plan,
    long[] sizes,
    long[] sequences,
    ByteBuffer index,
    ByteBuffer embeds,
    ByteBuffer sampling,
    ByteBuffer biases,
    ByteBuffer penalties,
    int[] rows) {
  /** temperature, top_k, top_p, min_p, uniform. */
  static final int SAMPLING_COLUMNS = 5;

  /** repetition, frequency, presence. */
  static final int PENALTY_COLUMNS = 3;

  /** Most likely tokens that the result reports per row; -1 if it holds no log-probabilities. */
  int top() {
    return (int) plan[5];
  }
}
