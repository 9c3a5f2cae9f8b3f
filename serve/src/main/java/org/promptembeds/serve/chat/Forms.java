package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Makes formats of structural tags, as {@code grammar} takes them. */
final class Forms {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Forms() {}

  private static ObjectNode form(String type) {
    return NODES.objectNode().put("type", type);
  }

  static JsonNode text(String value) {
    return form("const_string").put("value", value);
  }

  static JsonNode specialToken(String name) {
    return form("token").put("token", name);
  }

  /** Text in which none of {@code parts} is. */
  static JsonNode textWithout(String... parts) {
    ObjectNode form = form("any_text");
    ArrayNode excludes = form.putArray("excludes");
    List.of(parts).forEach(excludes::add);
    return form;
  }

  static JsonNode regex(String pattern) {
    return form("regex").put("pattern", pattern);
  }

  static JsonNode grammar(String grammar) {
    return form("grammar").put("grammar", grammar);
  }

  static JsonNode schema(JsonNode schema) {
    return form("json_schema").set("json_schema", schema);
  }

  static JsonNode sequence(JsonNode... elements) {
    return elements("sequence", List.of(elements));
  }

  static JsonNode either(List<? extends JsonNode> elements) {
    return elements("or", elements);
  }

  static JsonNode optional(JsonNode content) {
    return form("optional").set("content", content);
  }

  static JsonNode anyNumber(JsonNode content) {
    return form("star").set("content", content);
  }

  /** One, or several with a text between them. */
  static JsonNode list(JsonNode element, String separator, boolean several) {
    return several ? sequence(element, anyNumber(sequence(text(separator), element))) : element;
  }

  private static JsonNode elements(String type, List<? extends JsonNode> elements) {
    ObjectNode form = form(type);
    form.putArray("elements").addAll(elements);
    return form;
  }
}
