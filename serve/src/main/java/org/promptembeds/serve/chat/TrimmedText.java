package org.promptembeds.serve.chat;

import java.util.function.Consumer;
import java.util.function.Function;

/** Text of one kind on its way out, without the white space around that only sets it apart. */
final class TrimmedText {
  private final Function<String, MessagePart> kind;
  private final StringBuilder space = new StringBuilder();
  private String separator = "";
  private boolean dropsSpace;
  private boolean told;

  TrimmedText(Function<String, MessagePart> kind) {
    this.kind = kind;
  }

  /** Takes a piece; white space waits for what follows it. */
  void add(String text, Consumer<MessagePart> parts) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }

    int from = 0;
    while (dropsSpace && from < end && Character.isWhitespace(text.charAt(from))) {
      from++;
    }

    if (from < end) {
      dropsSpace = false;
      told = true;
      parts.accept(kind.apply(separator + space + text.substring(from, end)));
      separator = "";
      space.setLength(0);
    }

    if (!dropsSpace) {
      space.append(text, end, text.length());
    }
  }

  /** Drops the white space that waits, and what comes next. */
  void trim() {
    space.setLength(0);
    dropsSpace = true;
  }

  /** Begins another text, which a new line sets apart from what was told. */
  void beginAnother() {
    trim();
    separator = told ? "\n" : "";
  }

  /** Tells the white space that waits. */
  void flush(Consumer<MessagePart> parts) {
    if (!space.isEmpty()) {
      parts.accept(kind.apply(space.toString()));
      space.setLength(0);
    }
  }

  /** Whether anything but white space was told. */
  boolean hasText() {
    return told;
  }
}
