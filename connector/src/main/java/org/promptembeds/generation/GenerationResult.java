package org.promptembeds.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was generated for one row.
 *
 * @param text the decoded tokens, cut before a stop string; null if the model has no tokenizer
 * @param tokenIds every generated token, an ending one included
 * @param finishReason why it ended
 * @param promptTokens positions of the prompt
 * @param logprobs one entry per token, empty unless asked for
 */
public record GenerationResult(
    @Nullable String text,
    int[] tokenIds,
    FinishReason finishReason,
    int promptTokens,
    List<TokenLogprobs> logprobs) {

  /** Number of generated tokens. */
  public int completionTokens() {
    return tokenIds.length;
  }
}
