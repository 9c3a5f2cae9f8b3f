package org.promptembeds.serve;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON that is made and written here; {@link RequestJson} reads what clients send. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final int MAX_SHOWN = 60;

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The value of a literal. */
  static JsonNode value(String literal) {
    try {
      return MAPPER.readTree(literal);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + literal, e);
    }
  }

  static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JacksonException e) {
      throw new IllegalStateException("a response cannot be written", e);
    }
  }

  /** What a message says of a value: itself if it is short, else what it is. */
  static String shown(JsonNode node) {
    if (node.isContainerNode() && node.size() > 4) {
      return "%s of %d values".formatted(node.isArray() ? "a list" : "an object", node.size());
    }

    String text =
        node.isTextual() && node.textValue().length() > MAX_SHOWN
            ? "\"" + node.textValue().substring(0, MAX_SHOWN)
            : node.isBinary() ? "base64" : node.toString();
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }

  /** The value as plain Java: maps, lists, strings, numbers, booleans and nulls. */
  static Object toJava(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }
}
