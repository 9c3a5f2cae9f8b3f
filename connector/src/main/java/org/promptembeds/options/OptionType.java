package org.promptembeds.options;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the value of an option reads.
 *
 * @param name what the reference calls the type
 * @param expectation completes the sentence "must be …"
 * @param parser reads text, or a value that has the type already; throws {@link
 *     IllegalArgumentException} or {@link ArithmeticException} on anything else
 */
public record OptionType<T>(String name, String expectation, Function<Object, T> parser) {
  static final OptionType<String> STRING =
      new OptionType<>("string", "a string", OptionType::requireString);
  static final OptionType<Integer> INTEGER =
      new OptionType<>("int", "an integer", value -> number(value).intValueExact());
  static final OptionType<Long> LONG =
      new OptionType<>("long", "an integer", value -> number(value).longValueExact());
  static final OptionType<Double> DOUBLE =
      new OptionType<>("double", "a number", value -> number(value).doubleValue());
  static final OptionType<Boolean> BOOLEAN =
      new OptionType<>("boolean", "true or false", OptionType::requireBoolean);
  static final OptionType<Long> BYTES =
      new OptionType<>(
          "bytes", "a size in bytes such as 1073741824, 512m or 2g", OptionType::requireBytes);
  static final OptionType<Duration> DURATION =
      new OptionType<>("duration", "a time such as 90s, 10min or 1h", OptionType::requireDuration);
  static final OptionType<List<String>> STRINGS =
      new OptionType<>(
          "string or array of strings",
          "a string or an array of strings",
          value ->
              elements(value, List.of(value)).stream().map(OptionType::requireString).toList());
  static final OptionType<List<Integer>> INTEGERS =
      new OptionType<>(
          "int, array of ints or comma-separated string",
          "an integer, an array of integers or comma-separated integers",
          OptionType::requireIntegers);

  static final OptionType<List<List<Integer>>> POSITIONS =
      new OptionType<>(
          "array of arrays of ints, or JSON",
          "an array of arrays of integers, or JSON such as [[0, 1], [0, 1], [0, 1]]",
          OptionType::requirePositions);

  /** What a chat template sees: JSON that is not read yet, or the values themselves. */
  static final OptionType<Object> STRUCTURED =
      new OptionType<>(
          "JSON, or structs or maps",
          "JSON text, or an array, a struct or a map",
          value ->
              check(
                  value,
                  value instanceof String
                      || value instanceof Collection<?>
                      || value instanceof Map<?, ?>));

  static final OptionType<Map<Integer, Double>> BIASES =
      new OptionType<>(
          "map of token ids to numbers, or JSON",
          "a map of token ids to numbers, or JSON such as {\"5\": -100}",
          OptionType::requireBiases);

  private static final Pattern LISTS =
      Pattern.compile("\\[\\s*\\[[^\\[\\]]*](?:\\s*,\\s*\\[[^\\[\\]]*])*\\s*]");

  private static final Pattern LIST = Pattern.compile("\\[([^\\[\\]]*)]");
  private static final Pattern QUANTITY = Pattern.compile("\\s*(\\d+)\\s*([a-z]*)\\s*");
  private static final List<String> BYTE_UNITS = List.of("b", "k", "m", "g", "t");

  T parse(Object value) {
    return parser.apply(value);
  }

  /** A string out of a closed set, for instance a data type's name. */
  static OptionType<String> oneOf(String... names) {
    Set<String> allowed = Set.of(names);
    return new OptionType<>(
        String.join(" \\| ", names),
        "one of " + String.join(", ", names),
        value -> {
          String name = requireString(value).toLowerCase(Locale.ROOT);
          return check(name, allowed.contains(name));
        });
  }

  /** A string of a certain form. */
  static OptionType<String> matching(String name, String expectation, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return new OptionType<>(
        name,
        expectation,
        value -> {
          String text = requireString(value).toLowerCase(Locale.ROOT);
          return check(text, pattern.matcher(text).matches());
        });
  }

  /** A number of at least {@code min}. */
  static OptionType<Integer> atLeast(int min) {
    return new OptionType<>(
        "int",
        "an integer of at least " + min,
        value -> {
          int number = INTEGER.parse(value);
          return check(number, number >= min);
        });
  }

  private static <V> V check(V value, boolean valid) {
    if (!valid) {
      throw new IllegalArgumentException("out of bounds: " + value);
    }

    return value;
  }

  private static String requireString(Object value) {
    if (value instanceof String text) {
      return text;
    }

    throw new IllegalArgumentException("not a string: " + value);
  }

  private static boolean requireBoolean(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }

    return switch (requireString(value).strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("not a boolean: " + value);
    };
  }

  private static BigDecimal number(Object value) {
    if (value instanceof Number || value instanceof String) {
      return new BigDecimal(value.toString().strip()); // NumberFormatException for NaN, Infinity
    }

    throw new IllegalArgumentException("not a number: " + value);
  }

  private static long requireBytes(Object value) {
    if (value instanceof Number) {
      return check(LONG.parse(value), LONG.parse(value) >= 0);
    }

    Matcher quantity = QUANTITY.matcher(requireString(value).toLowerCase(Locale.ROOT));
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

    Matcher quantity = QUANTITY.matcher(requireString(value).toLowerCase(Locale.ROOT));
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

  private static List<Integer> requireIntegers(Object value) {
    List<Object> single =
        value instanceof String text
            ? new ArrayList<>(Arrays.asList(text.split(",")))
            : List.of(value);
    return elements(value, single).stream().map(INTEGER::parse).toList();
  }

  private static List<List<Integer>> requirePositions(Object value) {
    if (value instanceof Collection<?> lists) {
      return lists.stream().map(OptionType::integers).toList();
    }

    String text = requireString(value).strip();
    check(text, LISTS.matcher(text).matches());
    return LIST.matcher(text.substring(1))
        .results()
        .map(list -> list.group(1).isBlank() ? List.<Integer>of() : INTEGERS.parse(list.group(1)))
        .toList();
  }

  private static List<Integer> integers(Object list) {
    if (list instanceof Collection<?> numbers) {
      return numbers.stream().map(number -> INTEGER.parse(number)).toList();
    }

    throw new IllegalArgumentException("not a list: " + list);
  }

  private static Map<Integer, Double> requireBiases(Object value) {
    Map<?, ?> biases = value instanceof Map<?, ?> map ? map : pairs(requireString(value).strip());
    Map<Integer, Double> parsed = new LinkedHashMap<>();
    biases.forEach((id, bias) -> parsed.put(INTEGER.parse(id), DOUBLE.parse(bias)));
    return parsed;
  }

  /** The members of a JSON object that has only numbers; its braces may be left out. */
  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    String members = text.replaceFirst("^\\{(.*)}$", "$1");
    for (String member : members.isBlank() ? new String[0] : members.split(",", -1)) {
      String[] pair = member.split(":", -1);
      check(member, pair.length == 2);
      String id = pair[0].strip().replaceFirst("^\"(.*)\"$", "$1");
      check(member, pairs.put(id, pair[1]) == null);
    }

    return pairs;
  }

  private static List<Object> elements(Object value, List<Object> single) {
    return value instanceof Collection<?> several ? new ArrayList<>(several) : single;
  }
}
