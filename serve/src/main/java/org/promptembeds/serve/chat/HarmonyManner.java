package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of gpt-oss: thoughts, calls and answers have channels of their own. */
record HarmonyManner(MarkForms marks) implements OutputManner {
  @Override
  public boolean readsCalls() {
    return true;
  }

  @Override
  public boolean readsThoughts() {
    return true;
  }

  @Override
  public boolean needsSpecialTokens(ToolUse tools) {
    return true;
  }

  @Override
  public MessageReader reader(ToolUse tools, String prompt) {
    return new HarmonyReader();
  }

  @Override
  public @Nullable JsonNode form(ToolUse tools, String prompt, @Nullable JsonNode content) {
    List<JsonNode> messages = new ArrayList<>();
    if (tools.isForced()) {
      tools.callable().forEach(tool -> messages.add(call(tool)));
    } else if (tools.isOffered()
        && (content != null || tools.tools().stream().anyMatch(Tool::strict))) {
      TaggedManner.looseUnlessStrict(tools.tools()).forEach(tool -> messages.add(call(tool)));
    }

    if (!tools.isForced() && (content != null || !messages.isEmpty())) {
      messages.add(message("final", content == null ? Forms.textWithout() : content));
    }

    return messages.isEmpty()
        ? null
        : Forms.sequence(
            Forms.anyNumber(Forms.either(List.of(before("analysis"), before("commentary")))),
            Forms.either(messages));
  }

  /** A message that others follow. */
  private JsonNode before(String channel) {
    return Forms.sequence(
        message(channel, Forms.textWithout()),
        marks.of(HarmonyReader.END),
        marks.of(HarmonyReader.START),
        Forms.text("assistant"));
  }

  private JsonNode message(String channel, JsonNode body) {
    return Forms.sequence(
        marks.of(HarmonyReader.CHANNEL),
        Forms.text(channel),
        marks.of(HarmonyReader.MESSAGE),
        body);
  }

  private JsonNode call(Tool tool) {
    return Forms.sequence(
        marks.of(HarmonyReader.CHANNEL),
        Forms.text("commentary to=functions.%s ".formatted(tool.name())),
        marks.of(HarmonyReader.CONSTRAIN),
        Forms.text("json"),
        marks.of(HarmonyReader.MESSAGE),
        Forms.schema(tool.parameters()));
  }

  /** Tokens of the messages in the channel for thoughts, headers and marks included. */
  @Override
  public int reasoningTokens(int[] tokenIds, String prompt) {
    int channel = first(HarmonyReader.CHANNEL);
    int analysis = first("analysis");
    int start = first(HarmonyReader.START);
    int count = 0;
    boolean thinks = false;
    for (int i = 0; i < tokenIds.length; i++) {
      if (tokenIds[i] == channel) {
        thinks = i + 1 < tokenIds.length && tokenIds[i + 1] == analysis;
      } else if (tokenIds[i] == start) {
        thinks = false;
      }

      count += thinks ? 1 : 0;
    }

    return count;
  }

  private int first(String text) {
    int[] ids = marks.encoder().tokenIds(text, false);
    return ids.length == 0 ? -1 : ids[0];
  }

  @Override
  public String newCallId() {
    return new HermesCalls().newCallId();
  }
}
