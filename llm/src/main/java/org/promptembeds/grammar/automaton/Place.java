package org.promptembeds.grammar.automaton;

import org.jspecify.annotations.Nullable;

/**
 * One way to have read an output so far: a place within a rule or a leaf, and the calls that led
 * there.
 *
 * @param node where in a rule; null within a leaf
 * @param leaf the leaf; null within a rule
 * @param state the state of the leaf
 * @param calls the stack; null at the bottom
 */
record Place(@Nullable Node node, @Nullable ByteDfa leaf, int state, @Nullable Frame calls) {
  /** The end of the output. */
  static final Place END = new Place(null, null, 0, null);

  static Place in(Node node, @Nullable Frame calls) {
    return new Place(node, null, 0, calls);
  }

  static Place in(ByteDfa leaf, int state, @Nullable Frame calls) {
    return new Place(null, leaf, state, calls);
  }

  /** Fewest bytes to the end of the output. */
  int distance() {
    int here = node != null ? node.distance() : leaf == null ? 0 : leaf.distance(state);
    return Math.min(Node.NEVER, here + Frame.bytesTo(calls));
  }

  /** Whether a byte can follow. */
  boolean canRead() {
    if (leaf == null) {
      return node != null && node.hasBytes();
    }

    for (int value = 0; value < 256; value++) {
      if (leaf.next(state, value) != ByteDfa.DEAD) {
        return true;
      }
    }

    return false;
  }
}
