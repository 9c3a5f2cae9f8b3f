package org.promptembeds.serve.chat;

import java.util.function.Consumer;

/** Takes all text for content. */
final class PlainReader implements MessageReader {
  @Override
  public void read(String text, Consumer<MessagePart> parts) {
    if (!text.isEmpty()) {
      parts.accept(new MessagePart.Content(text));
    }
  }

  @Override
  public void end(Consumer<MessagePart> parts) {}
}
