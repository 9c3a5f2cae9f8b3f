package org.promptembeds.engine;

import java.util.List;

/**
 * What may be told of a growing text: all but a tail that may be the beginning of a stop string,
 * and would then be cut.
 */
final class TextStream {
  private final OutputText output;
  private final StopAutomaton stops;
  private int state = StopAutomaton.START;
  private int scanned;
  private int told;

  TextStream(OutputText output, StopAutomaton stops) {
    this.output = output;
    this.stops = stops;
  }

  /** The whole of a growing text, without stop strings. */
  static TextStream whole(OutputText output) {
    return new TextStream(output, new StopAutomaton(List.of()));
  }

  /** Reads the newest of {@code length} tokens; the text that may be told and has not been. */
  String next(int[] tokenIds, int length) {
    output.read(tokenIds, length);
    CharSequence text = output.text();
    for (; scanned < text.length(); scanned++) {
      state = stops.after(state, text.charAt(scanned));
    }

    int end = text.length() - stops.begun(state);
    if (end <= told) {
      return "";
    }

    String delta = text.subSequence(told, end).toString();
    told = end;
    return delta;
  }
}
