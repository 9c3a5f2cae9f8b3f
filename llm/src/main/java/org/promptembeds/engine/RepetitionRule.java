package org.promptembeds.engine;

import java.util.Map;
import java.util.stream.IntStream;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.StopParameters;

/**
 * When an output repeats itself: the same tokens several times at its end.
 *
 * @param leastSize fewest tokens of what is repeated
 * @param mostSize most of them; 0 finds nothing
 * @param count how often they come one after another, at least 2
 */
record RepetitionRule(int leastSize, int mostSize, int count) {
  static RepetitionRule of(SamplingParams params) {
    Map<String, Integer> detection = params.value(StopParameters.REPETITION_DETECTION);
    return new RepetitionRule(
        Math.max(1, detection.getOrDefault("min_pattern_size", 1)),
        detection.getOrDefault("max_pattern_size", 0),
        detection.getOrDefault("min_count", 2));
  }

  /** Whether the first {@code length} tokens end with a repetition. */
  boolean isMetBy(int[] tokenIds, int length) {
    return IntStream.rangeClosed(leastSize, Math.min(mostSize, length / count))
        .anyMatch(size -> repeats(tokenIds, length, size));
  }

  /** Whether each of the last tokens is the one that comes {@code size} tokens before it. */
  private boolean repeats(int[] tokenIds, int length, int size) {
    for (int i = length - 1; i >= length - size * (count - 1); i--) {
      if (tokenIds[i] != tokenIds[i - size]) {
        return false;
      }
    }

    return true;
  }
}
