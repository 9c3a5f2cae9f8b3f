package org.promptembeds.source;

import org.jspecify.annotations.Nullable;

/**
 * How the elements of a row divide into vectors.
 *
 * @param seqLen vectors, null if nothing says it
 * @param hiddenSize length of a vector, null if nothing says it
 */
record Division(@Nullable Integer seqLen, @Nullable Integer hiddenSize) {

  /**
   * The division of {@code count} elements that all that is known agrees on.
   *
   * @param seqLen what the row says, null if nothing
   * @param hiddenSize what the row, its file or an option says, null if nothing
   * @throws IllegalArgumentException if they do not agree
   */
  static Division of(long count, @Nullable Integer seqLen, @Nullable Integer hiddenSize) {
    if (seqLen == null && hiddenSize == null) {
      return new Division(null, null);
    }

    int vectors = seqLen == null ? quotient(count, hiddenSize) : seqLen;
    int length = hiddenSize == null ? quotient(count, seqLen) : hiddenSize;
    if (vectors < 0 || length < 0 || (long) vectors * length != count) {
      throw new IllegalArgumentException(
          "%d elements are not seq_len %s x hidden_size %s".formatted(count, seqLen, hiddenSize));
    }

    return new Division(vectors, length);
  }

  private static int quotient(long count, @Nullable Integer divisor) {
    return divisor == null || divisor <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, count / divisor);
  }

  /** {@code [seqLen, hiddenSize]}, or {@code [count]} if they are not known. */
  long[] shape(long count) {
    return seqLen == null || hiddenSize == null
        ? new long[] {count}
        : new long[] {seqLen, hiddenSize};
  }
}
