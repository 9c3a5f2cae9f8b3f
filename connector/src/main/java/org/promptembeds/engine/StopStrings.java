package org.promptembeds.engine;

import java.util.Arrays;
import java.util.List;
import org.promptembeds.generation.TokenDecoder;

/**
 * The search for stop strings in the text of one growing output.
 *
 * <p>Each token decodes only a short window. The window starts one piece before the new tokens, so
 * that what a decoder does at the start of a text (such as dropping a space) falls on known text;
 * and tokens that end in an incomplete character wait for the ones that complete it. A stop string
 * found that way counts if the text of the whole output holds it too, so that what was found and
 * what is returned always agree.
 */
final class StopStrings {
  private static final char INCOMPLETE = '\uFFFD';

  /** Tokens without text after which no more are awaited: a character has at most four bytes. */
  private static final int LONGEST_WAIT = 16;

  private final TokenDecoder decoder;
  private final List<String> stops;
  private final int longestStop;
  private final int minTokens;
  private final StringBuilder text = new StringBuilder();
  private int windowStart;
  private int windowRead;
  private String windowText = "";

  /** Length of the text before which a stop string must not end. */
  private int floor;

  StopStrings(TokenDecoder decoder, List<String> stops, int minTokens) {
    this.decoder = decoder;
    this.stops = stops;
    this.longestStop = stops.stream().mapToInt(String::length).max().orElse(0);
    this.minTokens = minTokens;
  }

  /** Whether the newest of {@code length} tokens completes a stop string. */
  boolean completedBy(int[] tokenIds, int length) {
    int known = text.length();
    read(tokenIds, length);
    if (length < minTokens) {
      floor = text.length();
      return false;
    }

    if (indexOfFirst(text, Math.max(floor, known)) < 0) {
      return false;
    }

    return firstIn(decoder.decode(Arrays.copyOf(tokenIds, length))) >= 0;
  }

  /** Where the earliest stop string starts in the text of the whole output; -1 if none does. */
  int firstIn(String wholeText) {
    return indexOfFirst(wholeText, floor);
  }

  private void read(int[] tokenIds, int length) {
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

  /** Start of the first stop string in {@code where} that ends past {@code from}. */
  private int indexOfFirst(CharSequence where, int from) {
    String tail = where.subSequence(Math.max(0, from - longestStop + 1), where.length()).toString();
    int offset = where.length() - tail.length();
    int first = -1;
    for (String stop : stops) {
      int index = tail.indexOf(stop, Math.max(0, from - stop.length() + 1 - offset));
      if (index >= 0 && (first < 0 || index + offset < first)) {
        first = index + offset;
      }
    }

    return first;
  }
}
