package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A message of a chat as templates expect it, in fields of plain Java. */
final class MessageFields {
  private static final String THOUGHTS = "reasoning_content";
  private static final String VLLM_THOUGHTS = "reasoning";

  private MessageFields() {}

  /**
   * The fields of a message.
   *
   * @param label what errors call the message
   */
  static Map<String, Object> of(JsonNode message, String label) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : message.properties()) {
      boolean isCalls = field.getKey().equals("tool_calls") && field.getValue().isArray();
      fields.put(
          field.getKey(),
          Json.toJava(isCalls ? calls((ArrayNode) field.getValue(), label) : field.getValue()));
    }

    both(fields, THOUGHTS, VLLM_THOUGHTS);
    both(fields, VLLM_THOUGHTS, THOUGHTS);
    return fields;
  }

  /** Templates know either name of thoughts. */
  private static void both(Map<String, Object> fields, String one, String other) {
    Object value = fields.get(one);
    if (value != null && !fields.containsKey(other)) {
      fields.put(other, value);
    }
  }

  /** Calls whose arguments are objects, where clients have the text of one. */
  private static ArrayNode calls(ArrayNode calls, String label) {
    ArrayNode read = Json.array();
    for (int i = 0; i < calls.size(); i++) {
      JsonNode call = calls.get(i).deepCopy();
      JsonNode arguments = call.path("function").path("arguments");
      if (arguments.isTextual()) {
        String name = "%s.tool_calls[%d].function.arguments".formatted(label, i);
        ((ObjectNode) call.get("function")).set("arguments", object(arguments.asText(), name));
      }

      read.add(call);
    }

    return read;
  }

  private static JsonNode object(String text, String name) {
    JsonNode value;
    try {
      value = text.isBlank() ? Json.object() : Json.value(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(
          "messages", "%s is not JSON: %s".formatted(name, RequestHead.shown(text)));
    }

    if (!value.isObject()) {
      throw ApiException.invalid(
          "messages",
          "%s must be the JSON of an object, got %s".formatted(name, Json.shown(value)));
    }

    return value;
  }
}
