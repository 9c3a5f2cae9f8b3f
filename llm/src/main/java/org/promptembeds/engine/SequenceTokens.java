package org.promptembeds.engine;

import java.util.Arrays;

/**
 * The positions of one sequence: a prompt, the output tokens that are known, and those that steps
 * under way are choosing.
 *
 * <p>{@code computed ≤ scheduled ≤ length}: the sequence's {@link KvLease} counts the first two,
 * {@code length} positions are known or being chosen. The last token of an output is never
 * computed.
 *
 * <p>Confined to the engine's thread.
 */
final class SequenceTokens {
  private static final int[] NO_TOKENS = {};

  private final int promptLength;
  private final int lengthLimit;
  private int[] output = NO_TOKENS;
  private int outputLength;
  private int awaited;
  private int mostComputed;

  /**
   * A prompt without output.
   *
   * @param promptLength positions of the prompt
   * @param lengthLimit most positions of prompt and output together
   */
  SequenceTokens(int promptLength, int lengthLimit) {
    this.promptLength = promptLength;
    this.lengthLimit = lengthLimit;
  }

  int promptLength() {
    return promptLength;
  }

  /** Output tokens that are known. */
  int outputLength() {
    return outputLength;
  }

  /** Positions of the prompt and of the output, tokens that are being chosen included. */
  int length() {
    return promptLength + outputLength + awaited;
  }

  /** Most positions that are ever computed. */
  int slotLimit() {
    return lengthLimit - 1;
  }

  /** Most tokens of the output. */
  int mostOutput() {
    return lengthLimit - promptLength;
  }

  /** Positions that can be computed now. */
  int computable() {
    return Math.min(length(), slotLimit());
  }

  /** Whether the known output may have no token more. */
  boolean isFull() {
    return known() >= lengthLimit;
  }

  /** Positions whose tokens are known. */
  int known() {
    return promptLength + outputLength;
  }

  /** Whether a step under way is choosing a token. */
  boolean isAwaited() {
    return awaited > 0;
  }

  /** The known output; it is not to be changed, and what lies past its length has no meaning. */
  int[] output() {
    return output;
  }

  /** The output tokens at positions {@code [start, end)}; 0 in place of one not known yet. */
  int[] between(int start, int end) {
    return end <= promptLength
        ? NO_TOKENS
        : Arrays.copyOfRange(
            output, Math.max(start, promptLength) - promptLength, end - promptLength);
  }

  /** Output position of the token that is chosen next. */
  int nextOutput() {
    return outputLength + awaited;
  }

  /** Takes note that a step is to choose the next token. */
  void await() {
    awaited++;
  }

  /** Takes note that the token will not come. */
  void giveUp() {
    awaited--;
  }

  /** Takes note of the token that was being chosen. */
  void append(int tokenId) {
    awaited--;
    appendForced(tokenId);
  }

  /** Puts another output in the place of the one that is known; no token is being chosen. */
  void replace(int[] tokenIds) {
    output = tokenIds;
    outputLength = tokenIds.length;
  }

  /** Takes note of a token that was not chosen, since no other could come. */
  void appendForced(int tokenId) {
    if (outputLength == output.length) {
      int capacity = Math.max(16, outputLength + (outputLength >> 1));
      output = Arrays.copyOf(output, Math.min(capacity, lengthLimit - promptLength));
    }

    output[outputLength++] = tokenId;
  }

  /**
   * Takes note that the positions {@code [start, end)} were computed.
   *
   * @return how many of them had been computed before
   */
  int advance(int start, int end) {
    int again = Math.max(0, Math.min(mostComputed, end) - start);
    mostComputed = Math.max(mostComputed, end);
    return again;
  }
}
