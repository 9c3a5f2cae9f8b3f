package org.promptembeds.engine;

import java.util.Arrays;
import java.util.List;
import org.promptembeds.generation.TokenDecoder;

/**
 * The search for stop strings in the text of one growing output.
 *
 * <p>A stop string found in the text read token by token counts if the text of the whole output
 * holds it too, so that what was found and what is returned always agree.
 */
final class StopStrings {
  private final TokenDecoder decoder;
  private final List<String> stops;
  private final int longestStop;
  private final int minTokens;
  private final OutputText output;

  /** Length of the text before which a stop string must not end. */
  private int floor;

  StopStrings(TokenDecoder decoder, List<String> stops, int minTokens) {
    this.decoder = decoder;
    this.stops = stops;
    this.longestStop = stops.stream().mapToInt(String::length).max().orElse(0);
    this.minTokens = minTokens;
    this.output = new OutputText(decoder);
  }

  /** The text in which no stop string can be found any more, as it grows. */
  TextStream stream() {
    return new TextStream(output, stops);
  }

  /** Whether the newest of {@code length} tokens completes a stop string. */
  boolean completedBy(int[] tokenIds, int length) {
    int known = output.text().length();
    output.read(tokenIds, length);
    if (length < minTokens) {
      floor = output.text().length();
      return false;
    }

    if (indexOfFirst(output.text(), Math.max(floor, known)) < 0) {
      return false;
    }

    return firstIn(decoder.decode(Arrays.copyOf(tokenIds, length))) >= 0;
  }

  /** Where the earliest stop string starts in the text of the whole output; -1 if none does. */
  int firstIn(String wholeText) {
    return indexOfFirst(wholeText, floor);
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
