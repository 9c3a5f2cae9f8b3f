package org.promptembeds.sql.prompt;

import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.tensor.Tensor;

/**
 * The prompt of one row.
 *
 * @param embeds {@code (sequence_length, hidden_size)}
 * @param tokens which of its positions are tokens; nothing if none is known to be
 * @param prefixLength positions at the start that other rows share, those of a soft prompt
 */
public record Prompt(Tensor embeds, PromptTokens tokens, int prefixLength) {
  /**
   * This prompt.
   *
   * @throws InvalidRequestException if it has no position
   */
  public Prompt requireSome() {
    if (embeds.size(0) == 0) {
      throw new InvalidRequestException("all parts are empty: a prompt has at least one position");
    }

    return this;
  }
}
