package org.promptembeds.generation.parameter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How the value of a parameter or an option reads.
 *
 * @param kind which of the forms it has that surfaces tell apart
 * @param name what the reference calls the type
 * @param expectation completes the sentence "must be …"
 * @param parser reads text, or a value that has the type already; throws {@link
 *     IllegalArgumentException} or {@link ArithmeticException} on anything else
 */
public record ValueType<T>(Kind kind, String name, String expectation, Function<Object, T> parser) {

  /** The forms of values: what surfaces make their own types from. */
  public enum Kind {
    /** An {@code Integer}. */
    INTEGER,
    /** A {@code Long}. */
    LONG,
    /** A {@code Double}. */
    NUMBER,
    /** A {@code Boolean}. */
    FLAG,
    /** A {@code String}. */
    TEXT,
    /** A {@code List<String>}. */
    TEXTS,
    /** A {@code List<Integer>}. */
    INTEGERS,
    /** A {@code Map<Integer, Double>}. */
    NUMBERS_BY_ID,
    /** A {@code Map<String, Integer>}. */
    INTEGERS_BY_NAME
  }

  public static final ValueType<Integer> INTEGER =
      new ValueType<>(Kind.INTEGER, "int", "an integer", value -> number(value).intValueExact());

  public static final ValueType<Long> LONG =
      new ValueType<>(Kind.LONG, "long", "an integer", value -> number(value).longValueExact());

  public static final ValueType<Double> NUMBER =
      new ValueType<>(Kind.NUMBER, "double", "a number", value -> number(value).doubleValue());

  public static final ValueType<Boolean> FLAG =
      new ValueType<>(Kind.FLAG, "boolean", "true or false", ValueType::requireFlag);

  public static final ValueType<String> TEXT =
      new ValueType<>(Kind.TEXT, "string", "a string", ValueType::requireText);

  public static final ValueType<List<String>> TEXTS =
      new ValueType<>(
          Kind.TEXTS,
          "string or array of strings",
          "a string or an array of strings",
          value -> elements(value, List.of(value)).stream().map(ValueType::requireText).toList());

  public static final ValueType<List<Integer>> INTEGERS =
      new ValueType<>(
          Kind.INTEGERS,
          "int, array of ints or comma-separated string",
          "an integer, an array of integers or comma-separated integers",
          ValueType::requireIntegers);

  public static final ValueType<Map<Integer, Double>> NUMBERS_BY_ID =
      new ValueType<>(
          Kind.NUMBERS_BY_ID,
          "map of token ids to numbers, or JSON",
          "a map of token ids to numbers, or JSON such as {\"5\": -100}",
          ValueType::requireNumbersById);

  public static final ValueType<Map<String, Integer>> INTEGERS_BY_NAME =
      new ValueType<>(
          Kind.INTEGERS_BY_NAME,
          "map of names to integers, or JSON",
          "a map of names to integers, or JSON such as {\"min_count\": 3}",
          ValueType::requireIntegersByName);

  /**
   * The value of a text or of an already typed value.
   *
   * @throws IllegalArgumentException if it is of another type
   * @throws ArithmeticException if it is out of the type's bounds
   */
  public T parse(Object value) {
    return parser.apply(value);
  }

  /**
   * The value of the parameter or option called {@code key}.
   *
   * @throws IllegalArgumentException naming the key, the value and what is expected
   */
  public T parse(String key, Object value) {
    try {
      return parse(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "%s must be %s, got %s"
              .formatted(key, expectation, value instanceof String s ? "'" + s + "'" : value),
          e);
    }
  }

  private static String requireText(Object value) {
    if (value instanceof String text) {
      return text;
    }

    throw new IllegalArgumentException("not a string: " + value);
  }

  private static boolean requireFlag(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }

    return switch (requireText(value).strip().toLowerCase(Locale.ROOT)) {
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

  private static List<Integer> requireIntegers(Object value) {
    List<Object> single =
        value instanceof String text
            ? new ArrayList<>(Arrays.asList(text.split(",")))
            : List.of(value);
    return elements(value, single).stream().map(INTEGER::parse).toList();
  }

  private static Map<Integer, Double> requireNumbersById(Object value) {
    Map<?, ?> numbers = value instanceof Map<?, ?> map ? map : members(requireText(value).strip());
    Map<Integer, Double> parsed = new TreeMap<>();
    numbers.forEach((id, number) -> parsed.put(INTEGER.parse(id), NUMBER.parse(number)));
    return Collections.unmodifiableMap(parsed);
  }

  private static Map<String, Integer> requireIntegersByName(Object value) {
    Map<?, ?> integers = value instanceof Map<?, ?> map ? map : members(requireText(value).strip());
    Map<String, Integer> parsed = new TreeMap<>();
    integers.forEach((key, number) -> parsed.put(requireText(key).strip(), INTEGER.parse(number)));
    return Collections.unmodifiableMap(parsed);
  }

  /** The members of a JSON object that has only numbers; its braces may be left out. */
  private static Map<String, String> members(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    String members = text.replaceFirst("^\\{(.*)}$", "$1");
    for (String member : members.isBlank() ? new String[0] : members.split(",", -1)) {
      String[] pair = member.split(":", -1);
      if (pair.length != 2
          || pairs.put(pair[0].strip().replaceFirst("^\"(.*)\"$", "$1"), pair[1]) != null) {
        throw new IllegalArgumentException("not a member of its own: " + member);
      }
    }

    return pairs;
  }

  private static List<Object> elements(Object value, List<Object> single) {
    return value instanceof Collection<?> several ? new ArrayList<>(several) : single;
  }
}
