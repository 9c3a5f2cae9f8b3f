package org.promptembeds.serve;

import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.Tensor;

/**
 * One prompt of a request.
 *
 * @param embeds embeddings {@code (sequence_length, hidden_size)}
 * @param tokenIds the tokens it was made of; null if it came as embeddings, in whole or in part
 * @param extras what it carries besides embeddings
 * @param label what messages call it
 */
record Prompt(Tensor embeds, int @Nullable [] tokenIds, PromptExtras extras, String label) {
  /** Number of positions. */
  int length() {
    return (int) embeds.size(0);
  }
}
