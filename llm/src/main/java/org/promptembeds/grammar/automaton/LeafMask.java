package org.promptembeds.grammar.automaton;

import java.util.Arrays;

/**
 * Which tokens can follow within one state of a leaf, whatever comes after the leaf.
 *
 * @param bits a bit for each token that the leaf takes whole
 * @param growth by how much, at most, the way to the end of the leaf is longer after one of them
 *     than before; {@link #NONE} if there is none
 * @param exits nodes of the tree where the leaf may have ended, and from which tokens go on
 */
record LeafMask(long[] bits, int growth, int[] exits) {
  static final int NONE = Integer.MIN_VALUE;

  static LeafMask of(TokenTrie trie, ByteDfa leaf, int state) {
    Walk walk = new Walk(trie, leaf);
    walk.under(TokenTrie.ROOT, state);
    int growth = walk.worst < 0 ? NONE : walk.worst - leaf.distance(state);
    return new LeafMask(walk.bits, growth, Arrays.copyOf(walk.exits, walk.exitCount));
  }

  private static final class Walk {
    private final TokenTrie trie;
    private final ByteDfa leaf;
    private final long[] bits;
    private int worst = -1;
    private int[] exits = {};
    private int exitCount;

    Walk(TokenTrie trie, ByteDfa leaf) {
      this.trie = trie;
      this.leaf = leaf;
      this.bits = new long[(trie.vocabSize() + 63) >> 6];
    }

    void under(int node, int state) {
      int end = trie.end(node);
      for (int child = node + 1; child < end; child = trie.end(child)) {
        int next = leaf.next(state, trie.label(child));
        if (next == ByteDfa.DEAD) {
          continue;
        }

        if (trie.mark(child, bits)) {
          worst = Math.max(worst, leaf.distance(next));
        }

        if (!trie.isLeaf(child)) {
          if (leaf.accepts(next)) {
            exit(child);
          }

          under(child, next);
        }
      }
    }

    private void exit(int node) {
      if (exitCount == exits.length) {
        exits = Arrays.copyOf(exits, Math.max(16, 2 * exitCount));
      }

      exits[exitCount++] = node;
    }
  }
}
