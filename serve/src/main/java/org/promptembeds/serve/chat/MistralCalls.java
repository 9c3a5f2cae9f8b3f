package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;

/**
 * Calls of Mistral: behind {@code [TOOL_CALLS]}, a list of objects or, of newer models, one each.
 */
final class MistralCalls implements ToolCallManner {
  private static final CallSyntax SYNTAX = CallSyntax.MISTRAL;
  private static final String ARGUMENTS = "[ARGS]";

  @Override
  public List<String> marks() {
    return List.of(SYNTAX.open(), ARGUMENTS, "[CALL_ID]");
  }

  @Override
  public MessageReader reader(ToolUse tools) {
    return new CallReader(SYNTAX, tools::has);
  }

  @Override
  public JsonNode calls(List<Tool> tools, boolean several, MarkForms marks) {
    JsonNode open = marks.of(SYNTAX.open());
    if (marks.isSpecial(ARGUMENTS)) {
      JsonNode call =
          Forms.either(
              tools.stream()
                  .map(
                      tool ->
                          Forms.sequence(
                              open,
                              Forms.text(tool.name()),
                              marks.of(ARGUMENTS),
                              Forms.schema(tool.parameters())))
                  .toList());
      return several ? Forms.sequence(call, Forms.anyNumber(call)) : call;
    }

    return Forms.sequence(
        open,
        Forms.regex(" ?\\["),
        Forms.list(ToolCallManner.object(tools, "arguments"), ", ", several),
        Forms.text("]"));
  }

  @Override
  public JsonNode textWithCalls(List<Tool> tools, boolean several, MarkForms marks) {
    return Forms.sequence(
        Forms.textWithout(SYNTAX.open()), Forms.optional(calls(tools, several, marks)));
  }

  /** The templates of these models take names of nine characters only. */
  @Override
  public String newCallId() {
    return UUID.randomUUID().toString().substring(24, 33);
  }
}
