package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.text.Formats;
import org.promptembeds.grammar.text.NumberSets;

/** Reads the keywords of one schema object, and refuses those that are not supported by name. */
final class SchemaReader {
  static final int MOST_ITEMS = 20_000;

  private final SchemaDocument document;
  private final JsonNode schema;
  private final SchemaFields fields;

  SchemaReader(SchemaDocument document, JsonNode schema) {
    this.document = document;
    this.schema = schema;
    this.fields = new SchemaFields(schema, document.path(schema));
  }

  /**
   * The schema.
   *
   * @throws org.promptembeds.grammar.automaton.GrammarException naming the place and the keyword
   */
  SchemaNode read() {
    if (document.isLegacy() && schema.has("$ref")) {
      return reference();
    }

    schema.fieldNames().forEachRemaining(this::check);
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    boolean integers = readTypes(types);
    List<SchemaNode.Choice> choices = choices();
    return new SchemaNode(
        document.number(schema),
        fields.path(),
        types,
        integers,
        literals(choices),
        numbers(),
        strings(),
        arrays(),
        objects(),
        all(),
        choices);
  }

  /** In drafts up to 7, nothing beside a reference counts. */
  private SchemaNode reference() {
    return new SchemaNode(
        document.number(schema),
        fields.path(),
        EnumSet.allOf(JsonType.class),
        false,
        null,
        new SchemaNode.Numbers(null, null, null, null, null),
        new SchemaNode.Strings(0, -1, null, null),
        new SchemaNode.Arrays(List.of(), null, 0, -1),
        new SchemaNode.Objects(Map.of(), Map.of(), null, null, List.of(), 0, -1),
        List.of(document.resolve(fields.text("$ref"), fields.path())),
        List.of());
  }

  private void check(String word) {
    Keyword keyword = Keyword.named(word);
    JsonNode value = schema.path(word);
    if (keyword == null) {
      if (!word.startsWith("x-")) {
        throw fields.refuse(
            word, "is unknown: correct it, or leave it out if it asks nothing of values");
      }
    } else if (keyword == Keyword.UNIQUE_ITEMS && value.isBoolean() && !value.booleanValue()) {
      return;
    } else if (keyword == Keyword.ID && !document.isRoot(schema)) {
      throw fields.refuse(word, "is only supported at the root of a schema");
    } else if (keyword.fate() == Keyword.Fate.REFUSED) {
      throw fields.refuse(word, "is not supported: leave it out, and check outputs for it");
    }
  }

  private boolean readTypes(Set<JsonType> types) {
    JsonNode type = schema.path("type");
    if (type.isMissingNode()) {
      types.addAll(EnumSet.allOf(JsonType.class));
      return false;
    }

    boolean numbers = false;
    boolean integers = false;
    for (JsonNode name : type.isArray() ? type : List.of(type)) {
      String word = name.asText();
      numbers |= word.equals("number");
      integers |= word.equals("integer");
      types.add(
          word.equals("integer")
              ? JsonType.NUMBER
              : Arrays.stream(JsonType.values())
                  .filter(known -> name.isTextual() && known.keyword().equals(word))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          fields.refuse(
                              "type",
                              "has "
                                  + name
                                  + ": name null, boolean, integer, number, string, array or object")));
    }

    return integers && !numbers;
  }

  /** The scalars of enum and const; arrays and objects become schemas to choose among. */
  private @Nullable List<JsonNode> literals(List<SchemaNode.Choice> choices) {
    List<JsonNode> literals = null;
    for (String word : List.of("enum", "const")) {
      JsonNode value = schema.get(word);
      if (value == null) {
        continue;
      }

      List<JsonNode> values = word.equals("enum") ? fields.list(word) : List.of(value);
      if (values.stream().anyMatch(JsonNode::isContainerNode) || literals != null) {
        choices.add(
            new SchemaNode.Choice(values.stream().map(v -> only(word, v)).toList(), false, schema));
      } else {
        literals = values;
      }
    }

    return literals;
  }

  /** A schema of one value. */
  private JsonNode only(String word, JsonNode value) {
    ObjectNode only = JsonNodeFactory.instance.objectNode();
    if (value.isObject()) {
      only.put("type", "object");
      ObjectNode properties = only.putObject("properties");
      ArrayNode required = only.putArray("required");
      value
          .properties()
          .forEach(
              entry -> {
                properties.set(entry.getKey(), only(word, entry.getValue()));
                required.add(entry.getKey());
              });
      only.put("additionalProperties", false);
    } else if (value.isArray()) {
      only.put("type", "array");
      ArrayNode items = only.putArray("prefixItems");
      value.forEach(item -> items.add(only(word, item)));
      only.put("items", false);
      only.put("minItems", value.size());
    } else {
      only.putArray("enum").add(value);
    }

    document.name(only, fields.path() + "/" + word);
    return only;
  }

  private List<SchemaNode.Choice> choices() {
    List<SchemaNode.Choice> choices = new ArrayList<>();
    for (String word : List.of("anyOf", "oneOf")) {
      if (schema.has(word)) {
        choices.add(
            new SchemaNode.Choice(fields.schemas(word), word.equals("oneOf"), without(word)));
      }
    }

    return choices;
  }

  private JsonNode without(String word) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    schema.properties().stream()
        .filter(entry -> !entry.getKey().equals(word))
        .forEach(entry -> rest.set(entry.getKey(), entry.getValue()));
    return rest;
  }

  private List<JsonNode> all() {
    List<JsonNode> all = new ArrayList<>();
    if (schema.has("$ref")) {
      all.add(document.resolve(fields.text("$ref"), fields.path()));
    }

    if (schema.has("allOf")) {
      all.addAll(fields.schemas("allOf"));
    }

    return all;
  }

  private SchemaNode.Numbers numbers() {
    BigDecimal multipleOf = fields.number("multipleOf");
    if (multipleOf != null && !NumberSets.canDivideBy(multipleOf)) {
      throw fields.refuse(
          "multipleOf",
          "is %s: supported is what is above 0, at most %,d without its point, and has at most 9 digits behind it"
              .formatted(multipleOf, NumberSets.LARGEST_DIVISOR));
    }

    return new SchemaNode.Numbers(
        fields.number("minimum"),
        fields.number("maximum"),
        fields.number("exclusiveMinimum"),
        fields.number("exclusiveMaximum"),
        multipleOf);
  }

  private SchemaNode.Strings strings() {
    return new SchemaNode.Strings(
        fields.count("minLength", 0, ByteDfa.MOST_COUNTED),
        fields.count("maxLength", -1, ByteDfa.MOST_COUNTED),
        schema.has("pattern") ? fields.text("pattern") : null,
        format());
  }

  private @Nullable String format() {
    if (!schema.has("format")) {
      return null;
    }

    String format = fields.text("format");
    if (!Formats.names().contains(format)) {
      throw fields.refuse(
          "format",
          "is %s, which is not supported: leave it out, or use one of %s"
              .formatted(format, Formats.names()));
    }

    return format;
  }

  private SchemaNode.Arrays arrays() {
    JsonNode items = schema.get("items");
    boolean isList = items != null && items.isArray();
    List<JsonNode> prefix =
        isList
            ? fields.list("items")
            : schema.has("prefixItems") ? fields.list("prefixItems") : List.of();
    JsonNode rest = isList ? schema.get("additionalItems") : items;
    return new SchemaNode.Arrays(
        prefix,
        rest,
        fields.count("minItems", 0, MOST_ITEMS),
        fields.count("maxItems", -1, MOST_ITEMS));
  }

  private SchemaNode.Objects objects() {
    return new SchemaNode.Objects(
        fields.map("properties"),
        fields.map("patternProperties"),
        schema.get("additionalProperties"),
        schema.get("propertyNames"),
        fields.names("required"),
        fields.count("minProperties", 0, MOST_ITEMS),
        fields.count("maxProperties", -1, MOST_ITEMS));
  }
}
