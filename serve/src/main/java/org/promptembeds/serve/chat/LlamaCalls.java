package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Calls of Llama 3: JSON objects with {@code name} and {@code parameters}, in place of text. */
final class LlamaCalls implements ToolCallManner {
  private static final CallSyntax SYNTAX = CallSyntax.LLAMA3;

  @Override
  public List<String> marks() {
    return List.of(SYNTAX.open());
  }

  @Override
  public MessageReader reader(ToolUse tools) {
    return new CallReader(SYNTAX, tools::has);
  }

  @Override
  public JsonNode calls(List<Tool> tools, boolean several, MarkForms marks) {
    return Forms.list(ToolCallManner.object(tools, "parameters"), "; ", several);
  }

  @Override
  public JsonNode textWithCalls(List<Tool> tools, boolean several, MarkForms marks) {
    JsonNode calls =
        Forms.sequence(Forms.optional(marks.of(SYNTAX.open())), calls(tools, several, marks));
    JsonNode text = Forms.sequence(Forms.regex("\\s*([^{\\s][\\s\\S]*)?"));
    return Forms.either(List.of(calls, text));
  }
}
