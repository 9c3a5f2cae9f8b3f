package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.GrammarException;

/**
 * The keywords of a schema object as values of the right type.
 *
 * @param path where it stands, for messages
 */
record SchemaFields(JsonNode schema, String path) {
  GrammarException refuse(String word, String why) {
    return new GrammarException("json_schema: at %s, '%s' %s".formatted(path, word, why));
  }

  String text(String word) {
    JsonNode value = schema.path(word);
    if (!value.isTextual()) {
      throw refuse(word, "must be a string, is " + shown(value));
    }

    return value.textValue();
  }

  /** A number; null if there is none. */
  @Nullable BigDecimal number(String word) {
    JsonNode value = schema.get(word);
    if (value == null) {
      return null;
    }

    if (!value.isNumber()) {
      throw refuse(word, "must be a number, is " + shown(value));
    }

    BigDecimal number = value.decimalValue();
    if (Math.abs((long) number.precision() - number.scale()) > 400 || number.scale() > 400) {
      throw refuse(word, "must be a number of at most 400 digits, is " + shown(value));
    }

    return number;
  }

  /** A number of things, at most {@code most}; {@code missing} if there is none. */
  int count(String word, int missing, int most) {
    BigDecimal number = number(word);
    if (number == null) {
      return missing;
    }

    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw refuse(word, "must be a whole number of at least 0, is " + number);
    }

    if (number.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw refuse(
          word,
          "is %s, at most %,d is supported: lower it, or leave it out".formatted(number, most));
    }

    return number.intValueExact();
  }

  List<JsonNode> list(String word) {
    JsonNode value = schema.path(word);
    if (!value.isArray()) {
      throw refuse(word, "must be an array, is " + shown(value));
    }

    List<JsonNode> list = new ArrayList<>();
    value.forEach(list::add);
    return list;
  }

  List<JsonNode> schemas(String word) {
    List<JsonNode> list = list(word);
    if (list.isEmpty()) {
      throw refuse(word, "must not be empty");
    }

    return list;
  }

  List<String> names(String word) {
    if (!schema.has(word)) {
      return List.of();
    }

    List<String> names = new ArrayList<>();
    for (JsonNode name : list(word)) {
      if (!name.isTextual()) {
        throw refuse(word, "must have strings, has " + shown(name));
      }

      names.add(name.textValue());
    }

    return names;
  }

  Map<String, JsonNode> map(String word) {
    JsonNode value = schema.get(word);
    if (value == null) {
      return Map.of();
    }

    if (!value.isObject()) {
      throw refuse(word, "must be an object, is " + shown(value));
    }

    Map<String, JsonNode> map = new LinkedHashMap<>();
    value.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
    return map;
  }

  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "missing" : value.toString();
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
