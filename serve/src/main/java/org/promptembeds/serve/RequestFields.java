package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one request, each read once by name. What nobody read is refused at the end, so no
 * field is ever ignored. A null counts as absent.
 */
final class RequestFields {
  private final ObjectNode object;
  private final Set<String> known = new HashSet<>();
  private final Set<String> neutralOnly = new HashSet<>();
  private final Map<String, String> refused = new TreeMap<>(); // with what would be taken

  RequestFields(ObjectNode object) {
    this.object = object;
  }

  /** The field's value; null if it is absent. */
  @Nullable JsonNode find(String name) {
    known.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String name) {
    JsonNode value = find(name);
    if (value != null && !value.isTextual()) {
      throw wrongType(name, "a string", value);
    }

    return value == null ? null : value.asText();
  }

  /** True or false; null if the field is absent. */
  @Nullable Boolean flag(String name) {
    JsonNode value = find(name);
    if (value != null && !value.isBoolean()) {
      throw wrongType(name, "true or false", value);
    }

    return value == null ? null : (Boolean) value.asBoolean();
  }

  boolean flag(String name, boolean absent) {
    Boolean value = flag(name);
    return value == null ? absent : value;
  }

  /** A number; null if the field is absent. */
  @Nullable Double number(String name) {
    JsonNode value = find(name);
    if (value != null && !value.isNumber()) {
      throw wrongType(name, "a number", value);
    }

    return value == null ? null : (Double) value.asDouble();
  }

  /** An integer; null if the field is absent. */
  @Nullable Integer integer(String name) {
    JsonNode value = find(name);
    return value == null ? null : (Integer) toInt(name, value);
  }

  int integer(String name, int absent) {
    Integer value = integer(name);
    return value == null ? absent : value;
  }

  @Nullable Long longInteger(String name) {
    JsonNode value = find(name);
    if (value == null) {
      return null;
    }

    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrongType(name, "an integer of 64 bits", value);
    }

    return value.asLong();
  }

  /** Integers of a list; null if the field is absent. */
  @Nullable List<Integer> integers(String name) {
    JsonNode value = find(name);
    if (value == null) {
      return null;
    }

    if (!value.isArray()) {
      throw wrongType(name, "a list of integers", value);
    }

    List<Integer> integers = new ArrayList<>();
    value.forEach(element -> integers.add(toInt(name, element)));
    return integers;
  }

  /** Numbers of an object whose names are ids; empty if the field is absent. */
  Map<Integer, Double> numbersById(String name) {
    Map<Integer, Double> numbers = new TreeMap<>();
    JsonNode value = find(name);
    if (value == null) {
      return numbers;
    }

    String expected = "an object of numbers by token id";
    if (!value.isObject()) {
      throw wrongType(name, expected, value);
    }

    for (Map.Entry<String, JsonNode> member : value.properties()) {
      if (!member.getValue().isNumber() || !member.getKey().matches("\\d{1,9}")) {
        throw wrongType(name, expected, value);
      }

      numbers.put(Integer.valueOf(member.getKey()), member.getValue().asDouble());
    }

    return numbers;
  }

  /** Integers of an object by their names; empty if the field is absent. */
  Map<String, Integer> integersByName(String name) {
    Map<String, Integer> integers = new TreeMap<>();
    JsonNode value = find(name);
    if (value == null) {
      return integers;
    }

    if (!value.isObject()) {
      throw wrongType(name, "an object of integers", value);
    }

    value
        .properties()
        .forEach(member -> integers.put(member.getKey(), toInt(name, member.getValue())));
    return integers;
  }

  /** One string or a list of them; empty if the field is absent. */
  List<String> texts(String name) {
    JsonNode value = find(name);
    if (value == null) {
      return List.of();
    }

    List<String> texts = new ArrayList<>();
    for (JsonNode element : value.isArray() ? value : List.of(value)) {
      if (!element.isTextual()) {
        throw wrongType(name, "a string or a list of strings", element);
      }

      texts.add(element.asText());
    }

    return texts;
  }

  /** Takes a field that has no effect here, whatever it holds. */
  void withoutEffect(String name) {
    known.add(name);
  }

  /**
   * Takes a field of a feature that is not supported, if its value asks for nothing; otherwise it
   * is refused at the end.
   *
   * @param neutral the values that ask for nothing, as JSON; the first is proposed
   */
  void onlyNeutral(String name, String... neutral) {
    neutralOnly.add(name);
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return;
    }

    if (Arrays.stream(neutral).map(Json::value).noneMatch(expected -> isSame(value, expected))) {
      refused.put(name, "%s (leave it out, or set it to %s)".formatted(name, neutral[0]));
    }
  }

  private static boolean isSame(JsonNode value, JsonNode expected) {
    boolean areNumbers = value.isNumber() && expected.isNumber();
    return areNumbers ? value.asDouble() == expected.asDouble() : value.equals(expected);
  }

  /**
   * Ends the reading. Fields that nobody knows are taken where they are null: they ask for nothing.
   *
   * @throws ApiException naming every field that asks for what is not supported, and what is
   */
  void refuseOthers() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              boolean isKnown = known.contains(name) || neutralOnly.contains(name);
              if (!isKnown && !object.get(name).isNull()) {
                refused.put(name, name);
              }
            });
    if (!refused.isEmpty()) {
      throw ApiException.invalid(
          refused.keySet().iterator().next(),
          "not supported: %s; supported are %s"
              .formatted(
                  String.join(", ", refused.values()), String.join(", ", new TreeSet<>(known))));
    }
  }

  private static int toInt(String name, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrongType(name, "an integer", value);
    }

    return value.asInt();
  }

  static ApiException wrongType(String name, String expected, JsonNode value) {
    return ApiException.invalid(
        name, "%s must be %s, got %s".formatted(name, expected, Json.shown(value)));
  }
}
