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
  private final StopAutomaton automaton;
  private final int minTokens;
  private final OutputText output;
  private int state = StopAutomaton.START;
  private int scanned;

  /** Length of the text before which a stop string must not end. */
  private int floor;

  StopStrings(TokenDecoder decoder, List<String> stops, int minTokens) {
    this.decoder = decoder;
    this.stops = stops;
    this.automaton = new StopAutomaton(stops);
    this.minTokens = minTokens;
    this.output = OutputText.early(decoder);
  }

  /** The text in which no stop string can be found any more, as it grows. */
  TextStream stream() {
    return new TextStream(OutputText.settled(decoder), automaton);
  }

  /** Whether the newest of {@code length} tokens completes a stop string. */
  boolean completedBy(int[] tokenIds, int length) {
    output.read(tokenIds, length);
    boolean completes = scan(output.text());
    if (length < minTokens) {
      floor = output.text().length();
      return false;
    }

    return completes && firstIn(decoder.decode(Arrays.copyOf(tokenIds, length))) >= 0;
  }

  /** Whether a stop string ends in what is new of {@code text}. */
  private boolean scan(CharSequence text) {
    boolean completes = false;
    for (; scanned < text.length(); scanned++) {
      state = automaton.after(state, text.charAt(scanned));
      completes |= automaton.completed(state) > 0;
    }

    return completes;
  }

  /** Where the shortest of the stop strings ends that start at {@code start}, past the floor. */
  int endIn(String wholeText, int start) {
    return stops.stream()
        .filter(stop -> wholeText.startsWith(stop, start))
        .mapToInt(stop -> start + stop.length())
        .filter(end -> end > floor)
        .min()
        .orElse(wholeText.length());
  }

  /** Where the earliest stop string starts in the text of the whole output; -1 if none does. */
  int firstIn(String wholeText) {
    return automaton.firstIn(wholeText, floor);
  }
}
