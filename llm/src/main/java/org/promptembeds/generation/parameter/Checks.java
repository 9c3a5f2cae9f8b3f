package org.promptembeds.generation.parameter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Checks of values that several parameters have. */
final class Checks {
  private Checks() {}

  static List<String> isNotBlank(String text) {
    return text.isBlank() ? List.of("must not be empty: leave it out") : List.of();
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
