package org.promptembeds.engine;

import java.util.List;

/**
 * How many stop strings a row may have, and how long they may be: each output keeps an automaton of
 * them in memory.
 *
 * @param strings most stop strings, at least 1
 * @param characters most characters of one, at least 1
 */
public record StopLimits(int strings, int characters) {
  /** More than requests have that mean well. */
  public static final StopLimits DEFAULT = new StopLimits(16, 1000);

  public StopLimits {
    if (strings < 1 || characters < 1) {
      throw new IllegalArgumentException(
          "stop limits must be at least 1, got %d strings of %d characters"
              .formatted(strings, characters));
    }
  }

  /** Adds to {@code problems} what is wrong with {@code stops}. */
  void check(List<String> stops, List<String> problems) {
    if (stops.size() > strings) {
      problems.add(
          "stop has %d strings, at most %d are taken: pass fewer, or raise maxStopStrings"
              .formatted(stops.size(), strings));
    }

    int longest = stops.stream().mapToInt(String::length).max().orElse(0);
    if (longest > characters) {
      problems.add(
          "stop has a string of %d characters, at most %d are taken: pass shorter ones, or raise maxStopLength"
              .formatted(longest, characters));
    }
  }
}
