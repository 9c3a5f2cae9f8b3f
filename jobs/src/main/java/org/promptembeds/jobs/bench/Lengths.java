package org.promptembeds.jobs.bench;

import java.util.random.RandomGenerator;

/** How many tokens prompts or outputs have. */
sealed interface Lengths {
  /** The next length, at least 1. */
  int draw(RandomGenerator random);

  /** The same for all. */
  record Fixed(int tokens) implements Lengths {
    public Fixed {
      requireAtLeastOne(tokens);
    }

    @Override
    public int draw(RandomGenerator random) {
      return tokens;
    }
  }

  /** Each as likely as any other, both ends among them. */
  record Uniform(int least, int most) implements Lengths {
    public Uniform {
      requireAtLeastOne(least);
      if (most < least) {
        throw new IllegalArgumentException(
            "a range of lengths must not end before it begins, got %d-%d".formatted(least, most));
      }
    }

    @Override
    public int draw(RandomGenerator random) {
      return random.nextInt(least, most + 1);
    }
  }

  /**
   * Logarithms that are normal, as lengths of texts nearly are.
   *
   * @param mean of the lengths before they are bounded
   * @param sigma deviation of their logarithms
   * @param least bound below
   * @param most bound above
   */
  record LogNormal(double mean, double sigma, int least, int most) implements Lengths {
    @Override
    public int draw(RandomGenerator random) {
      double mu = Math.log(mean) - sigma * sigma / 2;
      double length = Math.exp(mu + sigma * random.nextGaussian());
      return (int) Math.min(most, Math.max(least, Math.round(length)));
    }
  }

  private static void requireAtLeastOne(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("a length must be at least 1 token, got " + tokens);
    }
  }
}
