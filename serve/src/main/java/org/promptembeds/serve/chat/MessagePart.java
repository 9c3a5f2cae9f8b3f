package org.promptembeds.serve.chat;

/** A piece of a message; pieces of one kind follow one another. */
public sealed interface MessagePart {
  /** What the model thinks before it answers. */
  record Reasoning(String text) implements MessagePart {}

  /** What the model answers. */
  record Content(String text) implements MessagePart {}

  /**
   * A call of a function begins.
   *
   * @param index number of calls before
   */
  record Call(int index, String name) implements MessagePart {}

  /**
   * A piece of the JSON that the call {@code index} gives its function.
   *
   * @param text as the model wrote it
   */
  record Arguments(int index, String text) implements MessagePart {}
}
