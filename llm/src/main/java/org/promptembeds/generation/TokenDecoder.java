package org.promptembeds.generation;

/** Turns token ids back into text, leaving special tokens out; safe for use by many threads. */
@FunctionalInterface
public interface TokenDecoder {
  /** Text of {@code tokenIds}; an incomplete UTF-8 tail decodes to U+FFFD. */
  String decode(int[] tokenIds);

  /**
   * Whether a token is a byte that is decoded together with the bytes beside it: what comes after
   * it may still change its text.
   */
  default boolean isByte(int tokenId) {
    return false;
  }
}
