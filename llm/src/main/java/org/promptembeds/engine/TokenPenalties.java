package org.promptembeds.engine;

/**
 * By how much tokens are less likely to be chosen again. In this order, the logit of each token of
 * the prompt and of the output is divided by {@code repetition} if it is positive and multiplied
 * otherwise; of each token of the output it is lowered by {@code frequency} times its count and by
 * {@code presence}. The device knows the tokens: it has computed them.
 *
 * @param repetition above 0; 1 changes nothing
 * @param frequency per occurrence; 0 changes nothing
 * @param presence per token; 0 changes nothing
 */
public record TokenPenalties(double repetition, double frequency, double presence) {
  /** Changes nothing. */
  public static final TokenPenalties NONE = new TokenPenalties(1, 0, 0);

  /** Whether nothing is changed. */
  public boolean isNone() {
    return repetition == 1 && frequency == 0 && presence == 0;
  }

  /** Whether tokens of the prompt count. */
  public boolean countsPrompt() {
    return repetition != 1;
  }
}
