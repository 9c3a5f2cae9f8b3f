package org.promptembeds.generation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns token ids back into text, leaving special tokens out; safe for use by many threads. */
@FunctionalInterface
public interface TokenDecoder {
  /** Text of {@code tokenIds}; an incomplete UTF-8 tail decodes to U+FFFD. */
  String decode(int[] tokenIds);

  /**
   * The same with special tokens written out; this one where there are none.
   *
   * @param spaces whether a decoder that writes spaces between tokens does so between special ones
   */
  default TokenDecoder withSpecialTokens(boolean spaces) {
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
   * What each token stands for within a text, in UTF-8 or a part of it, by its id: {@link
   * #specialBytes} for special tokens, null for those that no text becomes. Null if that is not
   * known, or depends on the tokens around.
   */
  default @Nullable List<byte @Nullable []> tokenBytes() {
    return null;
  }

  /** What stands for a special token among bytes: its name in a frame that no UTF-8 has. */
  static byte[] specialBytes(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    byte[] framed = new byte[utf8.length + 2];
    framed[0] = (byte) 0xFF;
    System.arraycopy(utf8, 0, framed, 1, utf8.length);
    framed[framed.length - 1] = (byte) 0xFF;
    return framed;
  }
}
