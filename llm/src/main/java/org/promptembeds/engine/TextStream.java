package org.promptembeds.engine;

import java.util.List;

/**
 * What may be told of a growing text: all but a tail that may be the beginning of a stop string,
 * and would then be cut.
 */
final class TextStream {
  private final OutputText output;
  private final List<String> stops;
  private int told;

  TextStream(OutputText output, List<String> stops) {
    this.output = output;
    this.stops = stops;
  }

  /** Reads the newest of {@code length} tokens; the text that may be told and has not been. */
  String next(int[] tokenIds, int length) {
    output.read(tokenIds, length);
    CharSequence text = output.text();
    int end = text.length() - heldBack(text);
    if (end <= told) {
      return "";
    }

    String delta = text.subSequence(told, end).toString();
    told = end;
    return delta;
  }

  /** Length of the longest tail of {@code text} that a stop string begins with. */
  private int heldBack(CharSequence text) {
    int longest = 0;
    for (String stop : stops) {
      String tail =
          text.subSequence(Math.max(0, text.length() - stop.length() + 1), text.length())
              .toString();
      for (int length = tail.length(); length > longest; length--) {
        if (stop.startsWith(tail.substring(tail.length() - length))) {
          longest = length;
        }
      }
    }

    return longest;
  }
}
