package org.promptembeds.serve.chat;

import java.util.function.Consumer;

/**
 * Takes the text of one message apart while it comes. Wherever the text is cut, the pieces put
 * together are those of the whole text.
 */
public interface MessageReader {
  /** Takes the next piece of text, and tells what is certain. */
  void read(String text, Consumer<MessagePart> parts);

  /** Ends the text, and tells the rest. */
  void end(Consumer<MessagePart> parts);
}
