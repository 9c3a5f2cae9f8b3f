package org.promptembeds.serve.chat;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages that gpt-oss writes: a header with a channel and perhaps whom it is to, and a
 * body. The text begins inside of a header.
 */
final class HarmonyReader extends HeldReader {
  static final String START = "<|start|>";
  static final String CHANNEL = "<|channel|>";
  static final String CONSTRAIN = "<|constrain|>";
  static final String MESSAGE = "<|message|>";
  static final String END = "<|end|>";

  private static final Marks HEADER_END = Marks.of(MESSAGE);
  private static final Marks BODY_ENDS = Marks.of(END, "<|call|>", "<|return|>", START);

  private final TrimmedText reasoning = new TrimmedText(MessagePart.Reasoning::new);
  private final TrimmedText content = new TrimmedText(MessagePart.Content::new);
  private final StringBuilder header = new StringBuilder();
  private int calls;
  private boolean hasArguments;

  /** The header of the message whose body comes; null before it. */
  private @Nullable HarmonyHeader body;

  @Override
  boolean step(Consumer<MessagePart> parts, boolean last) {
    HarmonyHeader current = body;
    return current == null ? header(parts, last) : body(current, parts, last);
  }

  private boolean header(Consumer<MessagePart> parts, boolean last) {
    header.append(take(HEADER_END.find(held)));
    if (HEADER_END.at(held, 0) == null) {
      header.append(last ? take(held.length()) : "");
      return false;
    }

    take(MESSAGE.length());
    HarmonyHeader read = HarmonyHeader.parse(header.toString());
    header.setLength(0);
    body = read;
    switch (read.kind()) {
      case REASONING -> reasoning.beginAnother();
      case CONTENT -> content.beginAnother();
      case CALL -> {
        content.trim();
        hasArguments = false;
        parts.accept(new MessagePart.Call(calls, read.function()));
      }
    }

    return true;
  }

  private boolean body(HarmonyHeader current, Consumer<MessagePart> parts, boolean last) {
    int end = BODY_ENDS.find(held);
    tell(current, take(end), parts);
    String mark = BODY_ENDS.at(held, 0);
    if (mark != null) {
      take(mark.length());
      endBody(current, parts);
      return true;
    }

    if (last) {
      tell(current, take(held.length()), parts);
    }

    return false;
  }

  private void tell(HarmonyHeader current, String text, Consumer<MessagePart> parts) {
    switch (current.kind()) {
      case REASONING -> reasoning.add(text, parts);
      case CONTENT -> content.add(text, parts);
      case CALL -> {
        if (!text.isEmpty()) {
          hasArguments = true;
          parts.accept(new MessagePart.Arguments(calls, text));
        }
      }
    }
  }

  private void endBody(HarmonyHeader current, Consumer<MessagePart> parts) {
    body = null;
    if (current.kind() == HarmonyHeader.Kind.CALL) {
      if (!hasArguments) {
        parts.accept(new MessagePart.Arguments(calls, "{}"));
      }

      calls++;
    }
  }

  @Override
  void finish(Consumer<MessagePart> parts) {
    HarmonyHeader current = body;
    if (current != null) {
      endBody(current, parts);
    }

    // What has no channel is no message of this manner: it is told as it is.
    if (calls == 0 && !content.hasText() && !reasoning.hasText()) {
      content.add(header.toString(), parts);
    }

    content.flush(parts);
  }
}
