package org.promptembeds.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was generated for one row.
 *
 * @param text the decoded tokens, cut before a stop string; null if the model has no tokenizer
 * @param tokenIds every generated token, an ending one included; empty if a server does not tell
 * @param finishReason why it ended
 * @param promptTokens positions of the prompt
 * @param logprobs one entry per token, empty unless asked for
 * @param promptLogprobs one entry per position of the prompt, null at the first and where there is
 *     no token; empty unless asked for
 * @param completionTokens number of generated tokens
 * @param timings where the time went; null if the backend does not tell
 */
public record GenerationResult(
    @Nullable String text,
    int[] tokenIds,
    FinishReason finishReason,
    int promptTokens,
    List<TokenLogprobs> logprobs,
    List<@Nullable ScoredToken> promptLogprobs,
    int completionTokens,
    @Nullable GenerationTimings timings) {

  /** A result without log-probabilities of the prompt. */
  public GenerationResult(
      @Nullable String text,
      int[] tokenIds,
      FinishReason finishReason,
      int promptTokens,
      List<TokenLogprobs> logprobs,
      int completionTokens,
      @Nullable GenerationTimings timings) {
    this(
        text, tokenIds, finishReason, promptTokens, logprobs, List.of(), completionTokens, timings);
  }

  /** A result whose tokens are all known, and its timings not. */
  public GenerationResult(
      @Nullable String text,
      int[] tokenIds,
      FinishReason finishReason,
      int promptTokens,
      List<TokenLogprobs> logprobs) {
    this(text, tokenIds, finishReason, promptTokens, logprobs, tokenIds.length, null);
  }

  /** This result, with the time it took. */
  public GenerationResult withTimings(GenerationTimings taken) {
    return new GenerationResult(
        text,
        tokenIds,
        finishReason,
        promptTokens,
        logprobs,
        promptLogprobs,
        completionTokens,
        taken);
  }

  /** This result, with log-probabilities of the prompt. */
  public GenerationResult withPromptLogprobs(List<@Nullable ScoredToken> told) {
    return new GenerationResult(
        text, tokenIds, finishReason, promptTokens, logprobs, told, completionTokens, timings);
  }
}
