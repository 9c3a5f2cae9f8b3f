package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thoughts between marks, then an answer or calls.
 *
 * @param calls how calls are written; null if they are not looked for
 * @param thinking when there are thoughts
 */
record TaggedManner(@Nullable ToolCallManner calls, Thinking thinking, MarkForms marks)
    implements OutputManner {
  /** How calls are written that must be, by models that have no manner of their own. */
  private static final ToolCallManner PLAIN = new LlamaCalls();

  private static final JsonNode ANY_OBJECT =
      JsonNodeFactory.instance.objectNode().put("type", "object");

  @Override
  public boolean readsCalls() {
    return calls != null;
  }

  @Override
  public boolean readsThoughts() {
    return thinking != Thinking.NEVER;
  }

  @Override
  public boolean needsSpecialTokens(ToolUse tools) {
    return (tools.isOffered() && marks.hasSpecial(manner().marks()))
        || (readsThoughts() && marks.hasSpecial(List.of(ThinkReader.OPEN, ThinkReader.CLOSE)));
  }

  private ToolCallManner manner() {
    return calls == null ? PLAIN : calls;
  }

  @Override
  public MessageReader reader(ToolUse tools, String prompt) {
    MessageReader rest = tools.isOffered() ? manner().reader(tools) : new PlainReader();
    return switch (thinking.after(prompt)) {
      case ANSWER -> rest;
      case THOUGHTS -> new ThinkReader(true, rest);
      case EITHER -> new ThinkReader(false, rest);
    };
  }

  @Override
  public @Nullable JsonNode form(ToolUse tools, String prompt, @Nullable JsonNode content) {
    JsonNode message = message(tools, content);
    if (message == null) {
      return null;
    }

    JsonNode thoughts =
        Forms.sequence(
            Forms.textWithout(ThinkReader.CLOSE),
            marks.of(ThinkReader.CLOSE),
            Forms.regex("\\n{0,2}"));
    return switch (thinking.after(prompt)) {
      case ANSWER -> message;
      case THOUGHTS -> Forms.sequence(thoughts, message);
      case EITHER ->
          Forms.sequence(
              Forms.optional(Forms.sequence(marks.of(ThinkReader.OPEN), thoughts)), message);
    };
  }

  /** The form of what follows the thoughts; null if it may be anything. */
  private @Nullable JsonNode message(ToolUse tools, @Nullable JsonNode content) {
    if (tools.isForced()) {
      boolean several = tools.parallel() && tools.choice() instanceof ToolChoice.Required;
      return manner().calls(tools.callable(), several, marks);
    }

    List<Tool> loose = looseUnlessStrict(tools.tools());
    if (tools.isOffered() && content != null) {
      return Forms.either(List.of(manner().calls(loose, tools.parallel(), marks), content));
    }

    return tools.isOffered() && tools.tools().stream().anyMatch(Tool::strict)
        ? manner().textWithCalls(loose, tools.parallel(), marks)
        : content;
  }

  /** Functions of which those that are not strict take any object. */
  static List<Tool> looseUnlessStrict(List<Tool> tools) {
    return tools.stream()
        .map(tool -> tool.strict() ? tool : new Tool(tool.name(), ANY_OBJECT, false))
        .toList();
  }

  @Override
  public int reasoningTokens(int[] tokenIds, String prompt) {
    return new ThoughtTokens(marks.encoder()).count(tokenIds, thinking.after(prompt));
  }

  @Override
  public String newCallId() {
    return manner().newCallId();
  }
}
