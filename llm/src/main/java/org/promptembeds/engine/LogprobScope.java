package org.promptembeds.engine;

/**
 * Of which tokens the log-probabilities are told at one position, besides the chosen one. Rows of
 * the same parameters share it: a device that has seen a list of tokens knows it again.
 *
 * @param top so many of the most likely; -1 tells nothing, not even of the chosen one
 * @param tokenIds tokens to tell of; none if the most likely are
 */
public record LogprobScope(int top, int[] tokenIds) {
  /** Nothing is told. */
  public static final LogprobScope NONE = ofMostLikely(-1);

  public LogprobScope {
    if (top > 0 && tokenIds.length > 0) {
      throw new IllegalArgumentException(
          "either the %d most likely tokens are told of or %d that are named"
              .formatted(top, tokenIds.length));
    }
  }

  /** So many of the most likely tokens; -1 tells nothing. */
  public static LogprobScope ofMostLikely(int top) {
    return new LogprobScope(top, new int[0]);
  }

  /** Whether nothing is told. */
  public boolean isNone() {
    return top < 0;
  }
}
