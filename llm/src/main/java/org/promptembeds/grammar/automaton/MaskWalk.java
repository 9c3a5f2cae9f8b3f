package org.promptembeds.grammar.automaton;

import org.jspecify.annotations.Nullable;

/** Walks the tree of tokens along with a grammar, and marks those that can follow. */
final class MaskWalk {
  private final TokenTrie trie;
  private final Reader reader;
  private final int mostBytes;
  private final long[] bits;
  private int worst = -1;

  /**
   * A walk that has marked nothing.
   *
   * @param mostBytes bytes after a token within which there must be an end of the output
   */
  MaskWalk(TokenTrie trie, Reader reader, int mostBytes) {
    this.trie = trie;
    this.reader = reader;
    this.mostBytes = mostBytes;
    this.bits = trie.noBits();
  }

  TokenMask mask() {
    return new TokenMask(bits, worst);
  }

  /**
   * Marks the tokens of a leaf's mask, and those that go on after the leaf.
   *
   * @param worstAfter most bytes to the end of the output after one of the mask's tokens; -1 if it
   *     has none
   */
  void add(LeafMask mask, int worstAfter, @Nullable Frame calls) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] |= mask.bits()[i];
    }

    worst = Math.max(worst, worstAfter);
    if (mask.exits().length == 0) {
      return;
    }

    ReadState after = reader.after(calls);
    if (!after.places().isEmpty()) {
      for (int exit : mask.exits()) {
        under(exit, after);
      }
    }
  }

  /** Marks tokens under a node, to which {@code state} was read. */
  void under(int node, ReadState state) {
    int end = trie.end(node);
    for (int child = node + 1; child < end; child = trie.end(child)) {
      ReadState next = reader.next(state, trie.label(child));
      if (next == null) {
        continue;
      }

      mark(child, next.distance());
      if (trie.isLeaf(child)) {
        continue;
      }

      Place place = next.places().size() == 1 ? next.places().get(0) : Place.END;
      ByteDfa leaf = place.leaf();
      if (leaf == null) {
        under(child, next);
      } else {
        underLeaf(child, leaf, place.state(), place.calls());
      }
    }
  }

  /** Marks tokens under a node, to which a leaf was read. */
  void underLeaf(int node, ByteDfa leaf, int state, @Nullable Frame calls) {
    int end = trie.end(node);
    for (int child = node + 1; child < end; child = trie.end(child)) {
      int next = leaf.next(state, trie.label(child));
      if (next == ByteDfa.DEAD) {
        continue;
      }

      boolean ends = leaf.accepts(next);
      mark(child, leaf.distance(next) + Frame.bytesTo(calls));
      if (!trie.isLeaf(child)) {
        if (ends) {
          under(child, reader.after(calls));
        }

        underLeaf(child, leaf, next, calls);
      }
    }
  }

  private void mark(int node, int distance) {
    if (distance <= mostBytes && trie.mark(node, bits)) {
      worst = Math.max(worst, distance);
    }
  }
}
