package org.promptembeds.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns token ids back into text, leaving special tokens out; safe for use by many threads. */
@FunctionalInterface
public interface TokenDecoder {
  /** Text of {@code tokenIds}; an incomplete UTF-8 tail decodes to U+FFFD. */
  String decode(int[] tokenIds);

  /** The same with special tokens written out; this one where there are none. */
  default TokenDecoder withSpecialTokens() {
    return this;
  }

  /**
   * Token ids of a text as it stands, without special tokens around it.
   *
   * @throws InvalidRequestException if tokens are only turned into text here
   */
  default int[] encode(String text) {
    throw new InvalidRequestException("no tokens can be made of '%s' here".formatted(text));
  }

  /**
   * Whether a token is a byte that is decoded together with the bytes beside it: what comes after
   * it may still change its text.
   */
  default boolean isByte(int tokenId) {
    return false;
  }

  /**
   * What each token stands for within a text, in UTF-8 or a part of it, by its id: null for special
   * tokens. Null if that is not known, or depends on the tokens around.
   */
  default @Nullable List<byte @Nullable []> tokenBytes() {
    return null;
  }
}
