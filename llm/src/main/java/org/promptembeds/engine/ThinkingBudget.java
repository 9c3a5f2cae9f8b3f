package org.promptembeds.engine;

import org.promptembeds.generation.PromptTokens;

/**
 * How long one row may think: the tokens since the last mark that begins a thought, unless one has
 * ended it, in the prompt or in the output. Confined to the engine's thread.
 */
final class ThinkingBudget {
  private static final int NOT_THINKING = -1;

  private final ThinkingMarks marks;
  private final TokenMask endAlone;
  private final int budget;
  private int thought = NOT_THINKING;

  /**
   * The budget of a row that has no output yet.
   *
   * @param endAlone allows the mark that ends a thought and no other token
   * @param budget most tokens of a thought
   */
  ThinkingBudget(ThinkingMarks marks, TokenMask endAlone, int budget, PromptTokens prompt) {
    this.marks = marks;
    this.endAlone = endAlone;
    this.budget = budget;
    for (int i = 0; i < prompt.length(); i++) {
      add(prompt.id(i));
    }
  }

  /** Takes note of the next token. */
  void add(int tokenId) {
    if (tokenId == marks.start()) {
      thought = 0;
    } else if (tokenId == marks.end()) {
      thought = NOT_THINKING;
    } else if (thought != NOT_THINKING) {
      thought++;
    }
  }

  /** Whether the thought must end with the next token. */
  boolean isSpent() {
    return thought >= budget;
  }

  /** What may come next once it is. */
  TokenMask endAlone() {
    return endAlone;
  }
}
