package org.promptembeds.engine;

import java.util.Arrays;
import org.promptembeds.generation.TokenDecoder;

/**
 * The text of one growing output, read token by token.
 *
 * <p>Each token decodes only a short window. The window starts one piece before the new tokens, so
 * that what a decoder does at the start of a text (such as dropping a space) falls on known text;
 * and tokens that end in an incomplete character wait for the ones that complete it.
 */
final class OutputText {
  private static final char INCOMPLETE = '\uFFFD';

  /** Tokens without text after which no more are awaited: a character has at most four bytes. */
  private static final int LONGEST_WAIT = 16;

  private final TokenDecoder decoder;
  private final boolean waitsForBytes;
  private final StringBuilder text = new StringBuilder();
  private int lengthSeen;
  private boolean inBytes;
  private int windowStart;
  private int windowRead;
  private String windowText = "";

  private OutputText(TokenDecoder decoder, boolean waitsForBytes) {
    this.decoder = decoder;
    this.waitsForBytes = waitsForBytes;
  }

  /** A text that is read as early as can be; the last of its bytes may change. */
  static OutputText early(TokenDecoder decoder) {
    return new OutputText(decoder, false);
  }

  /** A text that changes no more: bytes wait for the end of their run. */
  static OutputText settled(TokenDecoder decoder) {
    return new OutputText(decoder, true);
  }

  /** The text known so far; it only grows. */
  CharSequence text() {
    return text;
  }

  /**
   * Whether the text ends in a run of bytes, which special tokens do not end: they have no text.
   */
  private boolean isInBytes(int tokenId) {
    inBytes = decoder.isByte(tokenId) || (inBytes && decoder.decode(new int[] {tokenId}).isEmpty());
    return inBytes;
  }

  /** Takes note of the newest of {@code length} tokens; harmless when repeated. */
  void read(int[] tokenIds, int length) {
    if (length <= lengthSeen) {
      return;
    }

    lengthSeen = length;
    if (waitsForBytes && isInBytes(tokenIds[length - 1])) {
      return;
    }

    String now = decoder.decode(Arrays.copyOfRange(tokenIds, windowStart, length));
    boolean complete =
        now.length() > windowText.length() && now.charAt(now.length() - 1) != INCOMPLETE;
    if (!complete && length - windowRead < LONGEST_WAIT) {
      return;
    }

    text.append(now, Math.min(windowText.length(), now.length()), now.length());
    windowStart = windowRead;
    windowRead = length;
    windowText = decoder.decode(Arrays.copyOfRange(tokenIds, windowStart, windowRead));
  }
}
