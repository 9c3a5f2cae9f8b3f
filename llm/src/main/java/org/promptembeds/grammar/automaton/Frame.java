package org.promptembeds.grammar.automaton;

import org.jspecify.annotations.Nullable;

/**
 * A stack of calls: where each goes on. Equal stacks are one object within their {@link Reader}.
 */
final class Frame {
  private final Node back;
  private final @Nullable Frame below;
  private final int distance;

  /** What makes a stack another one. */
  record Key(Node back, @Nullable Frame below) {}

  Frame(Key key) {
    this.back = key.back();
    this.below = key.below();
    this.distance = Math.min(Node.NEVER, back.distance() + bytesTo(below));
  }

  /** Where the latest call goes on. */
  Node back() {
    return back;
  }

  /** The stack under it; null at the bottom. */
  @Nullable Frame below() {
    return below;
  }

  /** Fewest bytes to the end of the output behind what was called. */
  static int bytesTo(@Nullable Frame frame) {
    return frame == null ? 0 : frame.distance;
  }
}
