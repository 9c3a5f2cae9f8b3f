package org.promptembeds.options;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options that may be given in one place, such as the arguments of a function. */
public final class OptionSet {
  private final String what;
  private final List<Option<?>> options;

  /**
   * A closed set.
   *
   * @param what what messages call an option of this set, for instance {@code argument}
   */
  OptionSet(String what, List<Option<?>> options) {
    this.what = what;
    this.options = List.copyOf(options);
  }

  /** Every option, in the order of the reference. */
  public List<Option<?>> options() {
    return options;
  }

  /** The option called {@code key}, whatever its case. */
  public Optional<Option<?>> find(String key) {
    return options.stream().filter(option -> option.isNamed(key)).findFirst();
  }

  /**
   * The option called {@code key}.
   *
   * @throws IllegalArgumentException naming the nearest key
   */
  public Option<?> require(String key) {
    return find(key).orElseThrow(() -> new IllegalArgumentException(unknown(key)));
  }

  private String unknown(String key) {
    String nearest =
        options.stream()
            .map(Option::key)
            .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
            .orElseThrow();
    return "unknown %s '%s'; did you mean '%s'? Known: %s"
        .formatted(
            what, key, nearest, String.join(", ", options.stream().map(Option::key).toList()));
  }

  /** Levenshtein distance without regard to case. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }

    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }

    return row[b.length()];
  }
}
