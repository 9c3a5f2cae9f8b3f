package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.PromptEncoder;

/** What a chat template may read besides the messages. */
final class TemplateVariables {
  private static final String VARIABLES = "chat_template_kwargs";
  private static final String EFFORT = "reasoning_effort";

  private TemplateVariables() {}

  /**
   * Reads {@code chat_template_kwargs} and {@code reasoning_effort}, and puts tools beside them.
   */
  static Map<String, Object> read(RequestFields fields, ToolFields tools, PromptEncoder encoder) {
    Map<String, Object> variables = new LinkedHashMap<>(given(fields.find(VARIABLES)));
    String effort = fields.text(EFFORT);
    if (effort != null) {
      if (!encoder.chatTemplate().contains(EFFORT)) {
        throw ApiException.invalid(
            EFFORT,
            "reasoning_effort has no effect, the model's chat template does not read it: leave it out, or give what the template reads in chat_template_kwargs");
      }

      variables.put(EFFORT, effort);
    }

    if (tools.forTemplate() != null) {
      variables.put("tools", tools.forTemplate());
    }

    return variables;
  }

  @SuppressWarnings("unchecked") // a JSON object is a map with string keys
  private static Map<String, Object> given(@Nullable JsonNode node) {
    if (node == null) {
      return Map.of();
    }

    if (!node.isObject()) {
      throw RequestFields.wrongType(VARIABLES, "an object", node);
    }

    return (Map<String, Object>) Json.toJava(node);
  }
}
