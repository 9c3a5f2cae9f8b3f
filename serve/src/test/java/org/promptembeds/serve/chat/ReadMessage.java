package org.promptembeds.serve.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A message put together of the parts that a reader tells. */
final class ReadMessage {
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder content = new StringBuilder();
  private final List<String> calls = new ArrayList<>();

  /** The message that {@code reader} reads of a text in one piece. */
  static ReadMessage whole(MessageReader reader, String text) {
    ReadMessage message = new ReadMessage();
    reader.read(text, message::take);
    reader.end(message::take);
    return message;
  }

  /** The message that {@code reader} reads of a text cut at random. */
  static ReadMessage cut(MessageReader reader, String text, Random random) {
    ReadMessage message = new ReadMessage();
    int longest = 1 + random.nextInt(8);
    for (int from = 0; from < text.length(); ) {
      int end = Math.min(text.length(), from + 1 + random.nextInt(longest));
      reader.read(text.substring(from, end), message::take);
      from = end;
    }

    reader.end(message::take);
    return message;
  }

  void take(MessagePart part) {
    if (part instanceof MessagePart.Reasoning piece) {
      reasoning.append(piece.text());
    } else if (part instanceof MessagePart.Content piece) {
      content.append(piece.text());
    } else if (part instanceof MessagePart.Call call) {
      if (call.index() != calls.size()) {
        throw new AssertionError(
            "call %d comes as number %d".formatted(call.index(), calls.size()));
      }

      calls.add(call.name() + " ");
    } else if (part instanceof MessagePart.Arguments piece) {
      calls.set(piece.index(), calls.get(piece.index()) + piece.text());
    }
  }

  /** Thoughts, content and calls on a line, with bars between. */
  @Override
  public String toString() {
    return "%s|%s|%s".formatted(reasoning, content, String.join("&", calls));
  }
}
