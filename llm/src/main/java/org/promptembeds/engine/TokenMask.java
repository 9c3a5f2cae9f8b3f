package org.promptembeds.engine;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a row may choose among whenever it chooses one. Unlike a mask of its form, it
 * stays the same from step to step, and rows of the same parameters share it: a device that has
 * seen a mask knows it again.
 *
 * <p>Instances are equal only to themselves.
 */
public final class TokenMask {
  /** All tokens. */
  public static final TokenMask ALL = new TokenMask(new long[0]);

  private final long[] bits;

  private TokenMask(long[] bits) {
    this.bits = bits;
  }

  /**
   * Some tokens of a vocabulary.
   *
   * @param allowed those that may be chosen; null if all may
   * @param banned those that may not, for all that
   */
  public static TokenMask of(
      @Nullable Collection<Integer> allowed, Collection<Integer> banned, int vocabSize) {
    long[] bits = new long[(vocabSize + Long.SIZE - 1) / Long.SIZE];
    if (allowed == null) {
      Arrays.fill(bits, -1);
      if (vocabSize % Long.SIZE != 0) {
        bits[bits.length - 1] = (1L << vocabSize) - 1;
      }
    } else {
      allowed.forEach(id -> bits[id >> 6] |= 1L << id);
    }

    for (int id : banned) {
      bits[id >> 6] &= ~(1L << id);
    }

    return new TokenMask(bits);
  }

  /** Whether no token may be chosen. */
  boolean isEmpty() {
    return bits.length > 0 && Arrays.stream(bits).allMatch(word -> word == 0);
  }

  /** A bit for each token, lowest first, set if it may be chosen; empty if all may. */
  public long[] bits() {
    return bits;
  }
}
