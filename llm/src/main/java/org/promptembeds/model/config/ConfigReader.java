package org.promptembeds.model.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.spec.Activation;

/**
 * Typed access to a JSON object of a model directory. A value of the wrong kind or out of bounds is
 * noted as a problem and its default returned, so that all problems are reported together; a null
 * counts as absent.
 */
public final class ConfigReader {
  private static final long MAX_FILE_BYTES = 64L << 20;

  /** Python writes NaN and Infinity, which JSON has not. */
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  private final String prefix;
  private final JsonNode object;
  private final JsonNode defaults;
  private final Map<String, String> names;
  private final List<String> problems;

  private ConfigReader(
      String prefix,
      JsonNode object,
      JsonNode defaults,
      Map<String, String> names,
      List<String> problems) {
    this.prefix = prefix;
    this.object = object;
    this.defaults = defaults;
    this.names = names;
    this.problems = problems;
  }

  public ConfigReader(JsonNode object) {
    this("", object, JsonNodeFactory.instance.objectNode(), Map.of(), new ArrayList<>());
  }

  /**
   * The same object, defaults and problems; some keys go by another name here.
   *
   * @param newNames for a key its other name, which is looked for first
   */
  public ConfigReader withNames(Map<String, String> newNames) {
    return new ConfigReader(prefix, object, defaults, newNames, problems);
  }

  /**
   * The same object and problems; a key that it lacks has the value that {@code defaults} has.
   *
   * @param newDefaults text of a JSON object
   */
  public ConfigReader withDefaults(String newDefaults) {
    try {
      return new ConfigReader(prefix, object, JSON.readTree(newDefaults), names, problems);
    } catch (IOException e) {
      throw new IllegalArgumentException("defaults are not a JSON object: " + newDefaults, e);
    }
  }

  /**
   * The JSON object in {@code file}.
   *
   * @throws BackendException if the file cannot be read or holds something else
   */
  public static JsonNode readObject(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new BackendException(
            "%s has %d bytes, at most %d are read"
                .formatted(file, Files.size(file), MAX_FILE_BYTES));
      }

      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (node == null || !node.isObject()) {
        throw new BackendException(file + " does not hold a JSON object");
      }

      return node;
    } catch (JacksonException e) {
      throw new BackendException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BackendException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether {@code key} is there at all, be it null. */
  public boolean has(String key) {
    return object.has(name(key)) || defaults.has(name(key));
  }

  /** Under which name a key is there: its other one wins, in the file and then in the defaults. */
  private String name(String key) {
    String other = names.get(key);
    if (other == null) {
      return key;
    }

    boolean elsewhere =
        object.has(other) || (!object.has(key) && (defaults.has(other) || !defaults.has(key)));
    return elsewhere ? other : key;
  }

  /** Whether the file itself has {@code key}, be it null. */
  public boolean states(String key) {
    return object.has(name(key));
  }

  /** The value of {@code key}; null if it is absent or null. */
  public @Nullable JsonNode value(String key) {
    String name = name(key);
    JsonNode value = object.has(name) ? object.get(name) : defaults.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** The object at {@code key} with the same list of problems; null if there is none. */
  public @Nullable ConfigReader object(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return null;
    }

    if (!value.isObject()) {
      wrong(key, "an object", value);
      return null;
    }

    return new ConfigReader(
        prefix + key + ".", value, JsonNodeFactory.instance.objectNode(), Map.of(), problems);
  }

  /** An object without members, as if it were at {@code key}. */
  public ConfigReader emptyObject(String key) {
    JsonNode empty = JsonNodeFactory.instance.objectNode();
    return new ConfigReader(prefix + key + ".", empty, empty, Map.of(), problems);
  }

  boolean sameAs(ConfigReader other) {
    return object.equals(other.object);
  }

  /** Names in this object. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** An integer of at least 1; a problem if it is absent. */
  public int size(String key) {
    return size(key, Integer.MAX_VALUE);
  }

  /** An integer in [1, {@code max}]; a problem if it is absent. */
  public int size(String key, int max) {
    require(key);
    return size(key, 1, max);
  }

  /** An integer of at least 0; a problem if it is absent. */
  public int count(String key) {
    require(key);
    Double number = number(key, 0);
    return number == null ? 0 : number.intValue();
  }

  /** A finite number above 0; a problem if it is absent. */
  public double positive(String key) {
    require(key);
    return positive(key, 1);
  }

  /** True or false; false if absent or null. */
  public boolean flag(String key) {
    return flag(key, false);
  }

  /** An activation by the name that transformers has for it. */
  public Activation activation(String key) {
    return ActivationNames.read(this, key);
  }

  private void require(String key) {
    if (value(key) == null) {
      problem(prefix + name(key) + " is missing");
    }
  }

  /** An integer of at least 1. */
  public int sizeOr(String key, int defaultValue) {
    return size(key, defaultValue, Integer.MAX_VALUE);
  }

  /** An integer in [1, {@code max}]. */
  public int size(String key, int defaultValue, int max) {
    JsonNode value = value(key);
    if (value == null) {
      return defaultValue;
    }

    double number = value.isNumber() ? value.doubleValue() : 0;
    if (number < 1 || number > max || number != Math.rint(number)) {
      wrong(key, "an integer in [1, " + max + "]", value);
      return defaultValue;
    }

    return (int) number;
  }

  /** A finite number above 0. */
  public double positive(String key, double defaultValue) {
    return Objects.requireNonNullElse(number(key, Double.MIN_VALUE), defaultValue);
  }

  /** A finite number of at least {@code min}; null if absent. */
  public @Nullable Double number(String key, double min) {
    JsonNode value = value(key);
    if (value == null) {
      return null;
    }

    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(number >= min && number <= Double.MAX_VALUE)) {
      wrong(
          key, min == Double.MIN_VALUE ? "a number above 0" : "a number of at least " + min, value);
      return null;
    }

    return number;
  }

  public boolean flag(String key, boolean defaultValue) {
    JsonNode value = value(key);
    if (value == null) {
      return defaultValue;
    }

    if (!value.isBoolean()) {
      wrong(key, "true or false", value);
      return defaultValue;
    }

    return value.booleanValue();
  }

  public @Nullable String text(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return null;
    }

    if (!value.isTextual()) {
      wrong(key, "a string", value);
      return null;
    }

    return value.textValue();
  }

  /** Strings of a list; null if absent. */
  public @Nullable List<String> texts(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return null;
    }

    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(element -> texts.add(element.asText()));
    } else {
      wrong(key, "a list of strings", value);
    }

    return texts;
  }

  /** Finite numbers of a list of a length; ones, and a problem, if there is no such list. */
  public List<Double> numbers(String key, int length) {
    JsonNode value = value(key);
    List<Double> numbers = new ArrayList<>();
    if (value != null && value.isArray()) {
      value.forEach(
          element -> numbers.add(element.isNumber() ? element.doubleValue() : Double.NaN));
    }

    if (numbers.size() != length || !numbers.stream().allMatch(Double::isFinite)) {
      problem(
          "%s must be a list of %d numbers, got %s"
              .formatted(prefix + key, length, value == null ? "none" : shown(value)));
      return Collections.nCopies(length, 1.0);
    }

    return numbers;
  }

  /** Integers of a list; null if absent. */
  public @Nullable List<Integer> integers(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return null;
    }

    List<Integer> integers = new ArrayList<>();
    if (value.isArray()) {
      for (JsonNode element : value) {
        if (!element.canConvertToInt()) {
          wrong(key, "a list of integers", value);
          return null;
        }

        integers.add(element.intValue());
      }
    } else {
      wrong(key, "a list of integers", value);
    }

    return integers;
  }

  private void wrong(String key, String expected, JsonNode value) {
    problem("%s must be %s, got %s".formatted(prefix + name(key), expected, shown(value)));
  }

  /** Notes a problem unless {@code key} is absent, null or one of the values that are supported. */
  public void accept(String key, Object... supported) {
    JsonNode value = value(key);
    if (value == null) {
      return;
    }

    for (Object each : supported) {
      if (value.asText().equals(each.toString())) {
        return;
      }
    }

    problem(
        "%s %s is not supported, only %s"
            .formatted(prefix + name(key), shown(value), Arrays.toString(supported)));
  }

  /** A value as messages show it. */
  public static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  public void problem(String problem) {
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  public boolean hasProblems() {
    return !problems.isEmpty();
  }

  public List<String> problems() {
    return List.copyOf(problems);
  }
}
