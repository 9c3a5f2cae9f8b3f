package org.promptembeds.generation.parameter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks of values that several parameters have. */
final class Checks {
  private static final int MOST_PATTERN = 1024;

  private Checks() {}

  static List<String> isNotBlank(String text) {
    return text.isBlank() ? List.of("must not be empty: leave it out") : List.of();
  }

  static List<String> repetitionDetection(Map<String, Integer> detection) {
    List<String> problems = new ArrayList<>();
    if (detection.isEmpty()) {
      return problems;
    }

    Set<String> unknown = new TreeSet<>(detection.keySet());
    unknown.removeAll(List.of("max_pattern_size", "min_pattern_size", "min_count"));
    if (!unknown.isEmpty()) {
      problems.add(
          "has max_pattern_size, min_pattern_size and min_count, not "
              + String.join(", ", unknown));
    }

    int most = detection.getOrDefault("max_pattern_size", 0);
    int least = detection.getOrDefault("min_pattern_size", 0);
    int count = detection.getOrDefault("min_count", 0);
    if (most < 1 || most > MOST_PATTERN) {
      problems.add("needs a max_pattern_size in [1, %d], got %d".formatted(MOST_PATTERN, most));
    }

    if (least < 0 || least > most) {
      problems.add(
          "needs a min_pattern_size in [0, max_pattern_size (%d)], got %d".formatted(most, least));
    }

    if (count < 2) {
      problems.add("needs a min_count of at least 2, got " + count);
    }

    return problems;
  }

  static List<String> noneIsEmpty(List<String> texts) {
    return texts.contains("") ? List.of("must not hold an empty string") : List.of();
  }

  static List<String> fewTexts(List<String> texts, int most) {
    return texts.size() > most
        ? List.of("must have at most %d texts, got %d".formatted(most, texts.size()))
        : noneIsEmpty(texts);
  }

  static List<String> noneIsNegative(Collection<Integer> ids) {
    return ids.stream().allMatch(id -> id >= 0)
        ? List.of()
        : List.of("must not be negative, got " + ids);
  }

  static List<String> fewIds(List<Integer> ids, int most) {
    return ids.size() > most
        ? List.of("must have at most %d token ids, got %d".formatted(most, ids.size()))
        : noneIsNegative(ids);
  }

  static List<String> someIds(List<Integer> ids) {
    return ids.isEmpty() ? List.of("must have at least 1 token id, got none") : noneIsNegative(ids);
  }

  /** At most {@code mostIds} numbers, each between -{@code most} and {@code most}. */
  static List<String> numbersById(Map<Integer, Double> numbers, int mostIds, int most) {
    List<String> problems = new ArrayList<>();
    if (numbers.size() > mostIds) {
      problems.add("must have at most %d tokens, got %d".formatted(mostIds, numbers.size()));
    }

    numbers.forEach(
        (id, number) -> {
          if (id < 0) {
            problems.add("must not have negative token ids, got " + id);
          }

          if (!(Math.abs(number) <= most)) {
            problems.add(
                "of token %d must be in [-%d, %d], got %s".formatted(id, most, most, number));
          }
        });
    return problems;
  }
}
