package org.promptembeds.model.family;

import java.util.stream.IntStream;
import org.promptembeds.model.spec.Positions.Alibi;

/**
 * Slopes of linear biases (arXiv:2108.12409) for a number of heads that need not be a power of two.
 */
final class AlibiSlopes {
  private AlibiSlopes() {}

  /** Those of the power of two below, then every other one of the next. */
  static Alibi of(int heads, double scale) {
    int below = Integer.highestOneBit(heads);
    return new Alibi(
        IntStream.range(0, heads)
            .mapToObj(i -> i < below ? slope(i + 1, below) : slope(2 * (i - below) + 1, 2 * below))
            .map(slope -> (float) (slope * scale))
            .toList());
  }

  /** Of the power of two above, every other one from the second on, then those between. */
  static Alibi thinned(int heads) {
    int above = Integer.highestOneBit(2 * heads - 1);
    int half = above / 2;
    return new Alibi(
        IntStream.range(0, heads)
            .mapToObj(
                i ->
                    above == heads
                        ? slope(i + 1, above)
                        : slope(i < half ? 2 * i + 2 : 2 * (i - half) + 1, above))
            .map(Double::floatValue)
            .toList());
  }

  private static double slope(int rank, int heads) {
    return Math.pow(2, -8.0 * rank / heads);
  }
}
