package org.promptembeds.grammar.automaton;

import java.util.Arrays;

/** Walks the tree of tokens along with one leaf, and keeps what it comes to. */
final class LeafWalk {
  private final TokenTrie trie;
  private final ByteDfa leaf;
  private final long[] bits;
  private final Visits taken = new Visits();
  private final Visits exits = new Visits();
  private int deepest;

  /** Nodes of the tree in the order of the walk, each with the states before and at its byte. */
  static final class Visits {
    private int[] nodes = new int[64];
    private int[] before = new int[64];
    private int[] at = new int[64];
    private int size;

    private void add(int node, int stateBefore, int stateAt) {
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * size);
        before = Arrays.copyOf(before, 2 * size);
        at = Arrays.copyOf(at, 2 * size);
      }

      nodes[size] = node;
      before[size] = stateBefore;
      at[size++] = stateAt;
    }

    int size() {
      return size;
    }

    int node(int i) {
      return nodes[i];
    }

    /** The state before the node's last byte. */
    int before(int i) {
      return before[i];
    }

    /** The state after the node's last byte. */
    int at(int i) {
      return at[i];
    }

    int[] nodes() {
      return Arrays.copyOf(nodes, size);
    }
  }

  LeafWalk(TokenTrie trie, ByteDfa leaf, int state) {
    this.trie = trie;
    this.leaf = leaf;
    this.bits = trie.noBits();
    under(TokenTrie.ROOT, state, 1);
  }

  private void under(int node, int state, int depth) {
    int end = trie.end(node);
    for (int child = node + 1; child < end; child = trie.end(child)) {
      int next = leaf.next(state, trie.label(child));
      if (next == ByteDfa.DEAD) {
        continue;
      }

      deepest = Math.max(deepest, depth);
      if (trie.mark(child, bits)) {
        taken.add(child, state, next);
      }

      if (!trie.isLeaf(child)) {
        if (leaf.accepts(next)) {
          exits.add(child, state, next);
        }

        under(child, next, depth + 1);
      }
    }
  }

  /** A bit for each token that the leaf takes whole. */
  long[] bits() {
    return bits;
  }

  /** Where tokens end that the leaf takes whole. */
  Visits taken() {
    return taken;
  }

  /** Where the leaf may have ended, and tokens go on. */
  Visits exits() {
    return exits;
  }

  /** Bytes from the root to the deepest node that the leaf takes. */
  int deepest() {
    return deepest;
  }
}
