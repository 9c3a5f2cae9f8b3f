package org.promptembeds.generation.setting;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.parameter.ValueType.Kind;

/** The types of values that settings have, and options like them. */
public final class SettingType {
  /** A size in bytes, which is not negative. */
  public static final ValueType<Long> BYTES =
      text("bytes", "a size in bytes such as 1073741824, 512m or 2g", SettingType::requireBytes);

  /** Texts by name, or none. */
  public static final ValueType<Map<String, String>> PAIRS =
      text(
          "name=text, separated by commas or spaces",
          "pairs name=text, separated by commas or spaces, or none",
          SettingType::requirePairs);

  /** A time, which is not negative. */
  public static final ValueType<Duration> DURATION =
      text("duration", "a time such as 90s, 10min or 1h", SettingType::requireDuration);

  private static final Pattern QUANTITY = Pattern.compile("\\s*(\\d+)\\s*([a-z]*)\\s*");
  private static final List<String> BYTE_UNITS = List.of("b", "k", "m", "g", "t");

  private SettingType() {}

  private static <T> ValueType<T> text(
      String name, String expectation, Function<Object, T> parser) {
    return new ValueType<>(Kind.TEXT, name, expectation, parser);
  }

  /** A string out of a closed set, for instance a data type's name. */
  public static ValueType<String> oneOf(String... names) {
    Set<String> allowed = Set.of(names);
    return text(
        String.join(" \\| ", names),
        "one of " + String.join(", ", names),
        value -> {
          String name = lowerCase(value);
          return check(name, allowed.contains(name));
        });
  }

  /**
   * A string of a certain form.
   *
   * @param name what the reference calls the type
   * @param expectation completes the sentence "must be …"
   * @param regex what matches the whole string, in lower case
   */
  public static ValueType<String> matching(String name, String expectation, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return text(
        name,
        expectation,
        value -> {
          String text = lowerCase(value);
          return check(text, pattern.matcher(text).matches());
        });
  }

  /** A number of at least {@code min}. */
  public static ValueType<Integer> atLeast(int min) {
    return new ValueType<>(
        Kind.INTEGER,
        "int",
        "an integer of at least " + min,
        value -> {
          int number = ValueType.INTEGER.parse(value);
          return check(number, number >= min);
        });
  }

  private static String lowerCase(Object value) {
    return ValueType.TEXT.parse(value).toLowerCase(Locale.ROOT);
  }

  private static <V> V check(V value, boolean valid) {
    if (!valid) {
      throw new IllegalArgumentException("out of bounds: " + value);
    }

    return value;
  }

  private static Map<String, String> requirePairs(Object value) {
    Map<String, String> pairs = new TreeMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, text) -> pairs.put(ValueType.TEXT.parse(name), ValueType.TEXT.parse(text)));
      return pairs;
    }

    String text = ValueType.TEXT.parse(value);
    for (String pair :
        text.equals(AdapterSettings.NO_ADAPTER) ? new String[0] : text.split("[,\\s]+")) {
      int end = pair.indexOf('=');
      if (!pair.isEmpty()) {
        check(pair, end > 0 && end < pair.length() - 1);
        check(pair, pairs.put(pair.substring(0, end), pair.substring(end + 1)) == null);
      }
    }

    return pairs;
  }

  private static long requireBytes(Object value) {
    if (value instanceof Number) {
      return check(ValueType.LONG.parse(value), ValueType.LONG.parse(value) >= 0);
    }

    Matcher quantity = QUANTITY.matcher(lowerCase(value));
    if (!quantity.matches()) {
      throw new IllegalArgumentException("not a size: " + value);
    }

    String unit = quantity.group(2).replaceFirst("(?<=[kmgt])i?b$", "");
    int power = unit.isEmpty() ? 0 : BYTE_UNITS.indexOf(unit);
    check(unit, power >= 0);
    return Math.multiplyExact(Long.parseLong(quantity.group(1)), 1L << (10 * power));
  }

  private static Duration requireDuration(Object value) {
    if (value instanceof Duration duration) {
      return duration;
    }

    Matcher quantity = QUANTITY.matcher(lowerCase(value));
    if (!quantity.matches()) {
      throw new IllegalArgumentException("not a time: " + value);
    }

    long amount = Long.parseLong(quantity.group(1));
    return switch (quantity.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s", "" -> Duration.ofSeconds(amount);
      case "m", "min" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new IllegalArgumentException("not a unit of time: " + value);
    };
  }
}
