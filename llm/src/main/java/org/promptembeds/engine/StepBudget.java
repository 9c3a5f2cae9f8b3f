package org.promptembeds.engine;

/**
 * The token budget of a step: halved when the device runs out of memory, then raised again slowly,
 * and more slowly after each failure.
 */
final class StepBudget {
  private static final int FIRST_PATIENCE = 64;
  private static final int LONGEST_PATIENCE = 1 << 16;

  private final int maxTokens;
  private int tokens;
  private int patience = FIRST_PATIENCE;
  private int successes;

  StepBudget(int maxTokens) {
    this.maxTokens = maxTokens;
    this.tokens = maxTokens;
  }

  /** Most positions of the next step. */
  int tokens() {
    return tokens;
  }

  /**
   * Takes note that the device had no memory for a step.
   *
   * @return whether a smaller step is possible
   */
  boolean shrink(int attemptedTokens) {
    successes = 0;
    patience = Math.min(LONGEST_PATIENCE, patience * 2);
    tokens = Math.max(1, Math.min(tokens, attemptedTokens) / 2);
    return attemptedTokens > 1;
  }

  /** Takes note of a step that succeeded. */
  void succeed() {
    if (tokens == maxTokens) {
      return;
    }

    successes++;
    if (successes >= patience) {
      successes = 0;
      tokens = (int) Math.min(maxTokens, tokens + Math.max(1L, tokens / 4));
    }
  }
}
