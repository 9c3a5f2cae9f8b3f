package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;

/** How models write calls of functions among text. */
interface ToolCallManner {
  /** The marks that are not in a text without calls. */
  List<String> marks();

  /** A reader of what follows the thoughts of a message. */
  MessageReader reader(ToolUse tools);

  /** The form of a call, or of several if there may be. */
  JsonNode calls(List<Tool> tools, boolean several, MarkForms marks);

  /** The form of text with calls in it. */
  JsonNode textWithCalls(List<Tool> tools, boolean several, MarkForms marks);

  /** A new name of a call. */
  default String newCallId() {
    return "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }

  /** The form of one of some functions' calls as an object. */
  static JsonNode object(List<Tool> tools, String argumentsKey) {
    return Forms.either(
        tools.stream()
            .map(
                tool ->
                    Forms.sequence(
                        Forms.text(
                            "{\"name\": \"%s\", \"%s\": ".formatted(tool.name(), argumentsKey)),
                        Forms.schema(tool.parameters()),
                        Forms.text("}")))
            .toList());
  }
}
