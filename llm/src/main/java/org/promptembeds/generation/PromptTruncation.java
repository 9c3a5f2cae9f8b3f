package org.promptembeds.generation;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.PromptParameters;
import org.promptembeds.tensor.Tensor;

/**
 * How much of the end of a prompt is kept, as vLLM's {@code truncate_prompt_tokens} has it.
 *
 * @param most positions that are kept
 */
public record PromptTruncation(int most) {
  /** Keeps all. */
  public static final PromptTruncation NONE = new PromptTruncation(Integer.MAX_VALUE);

  /** What {@code params} ask for where prompt and output together have so many tokens. */
  public static PromptTruncation of(SamplingParams params, int maxModelLen) {
    return of(
        params.find(PromptParameters.TRUNCATE_PROMPT_TOKENS).orElse(null),
        params.maxTokens(),
        maxModelLen);
  }

  /**
   * What a count asks for.
   *
   * @param count positions to keep, -1 for what leaves room for the output; null keeps all
   * @param maxTokens longest output
   * @param maxModelLen longest prompt and output together
   */
  public static PromptTruncation of(@Nullable Integer count, int maxTokens, int maxModelLen) {
    if (count == null || count == 0 || count < -1) {
      return NONE;
    }

    return new PromptTruncation(
        count > 0 ? count : Math.max(1, maxModelLen - Math.max(1, maxTokens)));
  }

  /** The tokens that are kept. */
  public int[] cut(int[] tokenIds) {
    return tokenIds.length <= most
        ? tokenIds
        : Arrays.copyOfRange(tokenIds, tokenIds.length - most, tokenIds.length);
  }

  /** The rows that are kept of embeddings {@code (sequence_length, hidden_size)}, not copied. */
  public Tensor cut(Tensor embeds) {
    return cuts(embeds) ? embeds.lastRows(most) : embeds;
  }

  /**
   * What is kept of what the prompt carries.
   *
   * @param embeds the whole prompt
   * @throws IllegalArgumentException if that is counted in rows of the whole prompt
   */
  public PromptExtras cut(PromptExtras extras, Tensor embeds) {
    if (!cuts(embeds)) {
      return extras;
    }

    List<String> others = extras.withTokens(PromptTokens.NONE).names();
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "truncate_prompt_tokens cannot cut a prompt of %d positions to %d beside %s: leave it out, or cut all of them yourself"
              .formatted(embeds.size(0), most, String.join(", ", others)));
    }

    PromptTokens tokens = extras.tokens();
    return tokens.length() == embeds.size(0) ? extras.withTokens(tokens.last(most)) : extras;
  }

  private boolean cuts(Tensor embeds) {
    return embeds.rank() == 2 && embeds.size(0) > most;
  }
}
