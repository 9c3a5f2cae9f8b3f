package org.promptembeds.serve.chat;

import java.util.function.Consumer;

/** Reads thoughts between {@code <think>} and {@code </think>}, and leaves the rest to another. */
final class ThinkReader extends HeldReader {
  static final String OPEN = "<think>";
  static final String CLOSE = "</think>";

  private static final Marks OPENING = Marks.of(OPEN);
  private static final Marks CLOSING = Marks.of(CLOSE);

  private final TrimmedText reasoning = new TrimmedText(MessagePart.Reasoning::new);
  private final MessageReader rest;
  private State state;

  private enum State {
    /** The text may begin with thoughts. */
    BEGINNING,
    /** Thoughts have begun without a mark, which may come all the same. */
    BEGUN,
    THINKING,
    /** Thoughts have ended; white space is dropped. */
    ENDED,
    REST
  }

  /**
   * A reader.
   *
   * @param open whether thoughts have begun before the text
   * @param rest reads what follows the thoughts
   */
  ThinkReader(boolean open, MessageReader rest) {
    this.state = open ? State.BEGUN : State.BEGINNING;
    this.rest = rest;
    reasoning.trim();
  }

  @Override
  boolean step(Consumer<MessagePart> parts, boolean last) {
    return switch (state) {
      case BEGINNING, BEGUN -> begin(last);
      case THINKING -> think(parts, last);
      case ENDED -> skip();
      case REST -> {
        rest.read(take(held.length()), parts);
        yield false;
      }
    };
  }

  private boolean begin(boolean last) {
    int from = spaces();
    if (OPENING.at(held, from) != null) {
      take(from + OPEN.length());
      state = State.THINKING;
    } else if (last || !OPENING.mayBegin(held, from)) {
      state = state == State.BEGUN ? State.THINKING : State.REST;
    } else {
      return false;
    }

    return true;
  }

  private int spaces() {
    int count = 0;
    while (count < held.length() && Character.isWhitespace(held.charAt(count))) {
      count++;
    }

    return count;
  }

  private boolean think(Consumer<MessagePart> parts, boolean last) {
    int end = CLOSING.find(held);
    reasoning.add(take(end), parts);
    if (CLOSING.at(held, 0) != null) {
      take(CLOSE.length());
      state = State.ENDED;
    } else if (last) {
      reasoning.add(take(held.length()), parts);
    } else {
      return false;
    }

    return true;
  }

  private boolean skip() {
    take(spaces());
    state = held.isEmpty() ? State.ENDED : State.REST;
    return true;
  }

  @Override
  void finish(Consumer<MessagePart> parts) {
    rest.end(parts);
  }
}
