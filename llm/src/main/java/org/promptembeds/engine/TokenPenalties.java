package org.promptembeds.engine;

/**
 * By how much the tokens that a sequence has generated are less likely to be chosen again. In this
 * order, the logit of each is divided by {@code repetition} if it is positive and multiplied
 * otherwise, and lowered by {@code frequency} times its count and by {@code presence}.
 *
 * @param repetition above 0; 1 changes nothing
 * @param frequency per occurrence; 0 changes nothing
 * @param presence per token; 0 changes nothing
 * @param tokenIds the tokens, each once; none if there is no penalty
 * @param counts how often each was generated, at least 1
 */
public record TokenPenalties(
    double repetition, double frequency, double presence, int[] tokenIds, int[] counts) {
  /** Changes nothing. */
  public static final TokenPenalties NONE = new TokenPenalties(1, 0, 0, new int[0], new int[0]);

  public TokenPenalties {
    if (tokenIds.length != counts.length) {
      throw new IllegalArgumentException(
          "%d token ids need as many counts, got %d".formatted(tokenIds.length, counts.length));
    }
  }
}
