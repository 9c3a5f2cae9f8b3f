package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Calls of Hermes and Qwen: JSON between {@code <tool_call>} and {@code </tool_call>}. */
final class HermesCalls implements ToolCallManner {
  private static final CallSyntax SYNTAX = CallSyntax.HERMES;

  @Override
  public List<String> marks() {
    return List.of(SYNTAX.open(), SYNTAX.close());
  }

  @Override
  public MessageReader reader(ToolUse tools) {
    return new CallReader(SYNTAX, tools::has);
  }

  @Override
  public JsonNode calls(List<Tool> tools, boolean several, MarkForms marks) {
    return Forms.list(call(tools, marks), "\n", several);
  }

  @Override
  public JsonNode textWithCalls(List<Tool> tools, boolean several, MarkForms marks) {
    JsonNode text = Forms.textWithout(SYNTAX.open());
    JsonNode more = Forms.sequence(call(tools, marks), text);
    return Forms.sequence(text, several ? Forms.anyNumber(more) : Forms.optional(more));
  }

  private static JsonNode call(List<Tool> tools, MarkForms marks) {
    return Forms.sequence(
        marks.of(SYNTAX.open()),
        Forms.text("\n"),
        ToolCallManner.object(tools, "arguments"),
        Forms.text("\n"),
        marks.of(SYNTAX.close()));
  }
}
