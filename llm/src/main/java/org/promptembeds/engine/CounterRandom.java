package org.promptembeds.engine;

/**
 * Random numbers that are a pure function of a seed and a position, so that a token does not depend
 * on what else is in the batch, nor on how often its sequence was computed.
 *
 * <p>The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", 2014).
 */
final class CounterRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** The number in [0, 1) that picks the token at output position {@code position}. */
  static double uniform(long seed, int position) {
    // The seed is mixed by itself first: seeds that differ by a multiple of the gamma would
    // otherwise walk through the same numbers.
    return (mix(mix(seed) + GOLDEN_GAMMA * (position + 1L)) >>> 11) * 0x1.0p-53;
  }

  /** A bijection of 64 bits in which every bit of the input reaches every bit of the output. */
  static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
