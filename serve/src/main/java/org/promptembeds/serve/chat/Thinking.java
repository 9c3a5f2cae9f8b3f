package org.promptembeds.serve.chat;

/** When messages have thoughts between {@code <think>} and {@code </think>}. */
enum Thinking {
  NEVER,
  /** If they, or the prompt, have the opening mark. */
  MARKED,
  /** Unless the prompt has the closing one: the opening one may be missing. */
  ALWAYS;

  /** Where a message stands at its beginning. */
  enum Beginning {
    /** It has no thoughts. */
    ANSWER,
    /** It goes on with thoughts. */
    THOUGHTS,
    /** It has thoughts if it begins with their mark. */
    EITHER
  }

  /** Where a message begins after {@code prompt}. */
  Beginning after(String prompt) {
    String end = prompt.stripTrailing();
    if (this == NEVER || end.endsWith(ThinkReader.CLOSE)) {
      return Beginning.ANSWER;
    }

    return this == ALWAYS || end.endsWith(ThinkReader.OPEN) ? Beginning.THOUGHTS : Beginning.EITHER;
  }
}
