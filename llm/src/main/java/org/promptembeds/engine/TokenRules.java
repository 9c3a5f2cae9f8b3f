package org.promptembeds.engine;

import org.jspecify.annotations.Nullable;

/**
 * Which tokens the output of one row is made of, and which it prefers: what is known before it
 * begins.
 *
 * @param form what the output must look like; null if it may be anything
 * @param early the tokens that may be chosen before {@code min_tokens}
 * @param late those from then on
 * @param bias what is added to logits
 * @param scope log-probabilities to return
 * @param promptTop so many of the most likely tokens are told of at each token of the prompt; -1 if
 *     nothing is
 * @param thinking how long the row may think; null if any time
 */
record TokenRules(
    @Nullable OutputConstraint form,
    TokenMask early,
    TokenMask late,
    TokenBias bias,
    LogprobScope scope,
    int promptTop,
    @Nullable ThinkingBudget thinking) {
  /** Any tokens. */
  static final TokenRules NONE =
      new TokenRules(
          null, TokenMask.ALL, TokenMask.ALL, TokenBias.NONE, LogprobScope.NONE, -1, null);

  /** Numbers that one step may tell of a prompt, in a few chunks of which there may be many. */
  private static final int MOST_NUMBERS = 1 << 23;

  /** Positions that one step may compute. */
  int mostPositions() {
    return promptTop < 0 ? Integer.MAX_VALUE : Math.max(2, MOST_NUMBERS / (1 + promptTop));
  }
}
