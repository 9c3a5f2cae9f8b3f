package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.promptembeds.serve.chat.MessagePart;

/** Parts of one message, put together: all of them, or those of one piece of a stream. */
final class MessageParts implements Consumer<MessagePart> {
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder content = new StringBuilder();
  private final Map<Integer, Call> calls = new TreeMap<>();
  private final Supplier<String> callIds;

  /**
   * A call, or a part of one.
   *
   * @param begun what the call begins with; empty if that was in an earlier piece
   * @param arguments text of them so far
   */
  private record Call(ObjectNode begun, StringBuilder arguments) {
    Call(ObjectNode begun) {
      this(begun, new StringBuilder());
    }

    ObjectNode written() {
      begun.withObjectProperty("function").put("arguments", arguments.toString());
      return begun;
    }
  }

  /**
   * No parts.
   *
   * @param callIds names calls
   */
  MessageParts(Supplier<String> callIds) {
    this.callIds = callIds;
  }

  @Override
  public void accept(MessagePart part) {
    if (part instanceof MessagePart.Reasoning thought) {
      reasoning.append(thought.text());
    } else if (part instanceof MessagePart.Content text) {
      content.append(text.text());
    } else if (part instanceof MessagePart.Call call) {
      ObjectNode node = Json.object();
      node.put("id", callIds.get());
      node.put("type", "function");
      node.putObject("function").put("name", call.name());
      calls.put(call.index(), new Call(node));
    } else if (part instanceof MessagePart.Arguments piece) {
      calls
          .computeIfAbsent(piece.index(), index -> new Call(Json.object()))
          .arguments()
          .append(piece.text());
    }
  }

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  /** The message. */
  ObjectNode whole(boolean tellsThoughts) {
    ObjectNode message = Json.object();
    message.put("role", "assistant");
    message.put("content", content.isEmpty() && hasCalls() ? null : content.toString());
    message.putNull("refusal");
    putThoughts(message, tellsThoughts);
    if (hasCalls()) {
      message.putArray("tool_calls").addAll(calls.values().stream().map(Call::written).toList());
    }

    return message;
  }

  /** A piece of the message; empty if there is nothing to say. */
  ObjectNode delta(boolean tellsThoughts) {
    ObjectNode delta = Json.object();
    putThoughts(delta, tellsThoughts);
    if (!content.isEmpty()) {
      delta.put("content", content.toString());
    }

    if (hasCalls()) {
      ArrayNode list = delta.putArray("tool_calls");
      calls.forEach(
          (index, call) -> list.add(Json.object().put("index", index).setAll(call.written())));
    }

    return delta;
  }

  /** Thoughts by the name that many clients know, and by the one that vLLM gives them. */
  private void putThoughts(ObjectNode message, boolean tellsThoughts) {
    if (tellsThoughts && !reasoning.isEmpty()) {
      message.put("reasoning_content", reasoning.toString());
      message.put("reasoning", reasoning.toString());
    }
  }
}
