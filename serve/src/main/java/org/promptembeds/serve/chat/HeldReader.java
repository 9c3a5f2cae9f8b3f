package org.promptembeds.serve.chat;

import java.util.function.Consumer;

/** A reader that holds what it cannot decide on yet, and goes on in steps. */
abstract class HeldReader implements MessageReader {
  /** Characters that are taken at a time, so that removing what is done with stays cheap. */
  private static final int PIECE = 4096;

  /** What has come and is not done with. */
  final StringBuilder held = new StringBuilder();

  @Override
  public final void read(String text, Consumer<MessagePart> parts) {
    for (int from = 0; from < text.length(); from += PIECE) {
      held.append(text, from, Math.min(text.length(), from + PIECE));
      run(parts, false);
    }
  }

  @Override
  public final void end(Consumer<MessagePart> parts) {
    run(parts, true);
    finish(parts);
  }

  private void run(Consumer<MessagePart> parts, boolean last) {
    boolean going = true;
    while (going && !held.isEmpty()) {
      going = step(parts, last);
    }
  }

  /**
   * Does what the beginning of {@link #held} asks for, and removes what is done.
   *
   * @param last whether no more text comes: then nothing may wait for more
   * @return false to wait for more text
   */
  abstract boolean step(Consumer<MessagePart> parts, boolean last);

  /** Tells what is left when all text has been taken. */
  abstract void finish(Consumer<MessagePart> parts);

  /** Removes and returns the first {@code length} characters. */
  final String take(int length) {
    String taken = held.substring(0, length);
    held.delete(0, length);
    return taken;
  }
}
