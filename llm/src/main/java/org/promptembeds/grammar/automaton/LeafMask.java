package org.promptembeds.grammar.automaton;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens can follow within one state of a leaf, whatever comes after the leaf.
 *
 * @param bits a bit for each token that the leaf takes whole
 * @param growth by how much, at most, the way to the end of the leaf is longer after one of them
 *     than before; {@link #NONE} if there is none
 * @param exits nodes of the tree where the leaf may have ended, and from which tokens go on
 * @param growths how much longer the way is after each of them; null if that is not kept
 */
record LeafMask(long[] bits, int growth, int[] exits, @Nullable Growths growths) {
  static final int NONE = Integer.MIN_VALUE;

  /**
   * By how much ways are longer after tokens.
   *
   * @param usual after all tokens but some
   * @param nodes where these others end, by their growth
   * @param others the growths of these, ascending
   */
  record Growths(int usual, int[] nodes, int[] others) {
    private static final int MOST_SHARE = 8;

    /** Keeps growths if most tokens have the same; null if not. */
    static @Nullable Growths of(TokenTrie trie, LeafWalk.Visits taken, int[] growths) {
      int usual = usual(growths);
      long[] keyed = new long[growths.length];
      int count = 0;
      for (int i = 0; i < growths.length; i++) {
        if (growths[i] != usual) {
          keyed[count++] = ((long) growths[i] << 32) | taken.node(i);
        }
      }

      if (count > Math.max(64, trie.vocabSize() / MOST_SHARE)) {
        return null;
      }

      Arrays.sort(keyed, 0, count);
      int[] nodes = new int[count];
      int[] others = new int[count];
      for (int i = 0; i < count; i++) {
        nodes[i] = (int) keyed[i];
        others[i] = (int) (keyed[i] >> 32);
      }

      return new Growths(usual, nodes, others);
    }

    private static int usual(int[] growths) {
      int[] sorted = growths.clone();
      Arrays.sort(sorted);
      int usual = sorted[0];
      int most = 0;
      int start = 0;
      for (int i = 1; i <= sorted.length; i++) {
        if (i == sorted.length || sorted[i] != sorted[start]) {
          if (i - start > most) {
            most = i - start;
            usual = sorted[start];
          }

          start = i;
        }
      }

      return usual;
    }
  }

  static LeafMask of(TokenTrie trie, ByteDfa leaf, int state, LeafWalk walk) {
    LeafWalk.Visits taken = walk.taken();
    if (taken.size() == 0) {
      return new LeafMask(walk.bits(), NONE, walk.exits().nodes(), null);
    }

    int[] growths = new int[taken.size()];
    for (int i = 0; i < growths.length; i++) {
      growths[i] = leaf.distance(taken.at(i)) - leaf.distance(state);
    }

    return new LeafMask(
        walk.bits(),
        Arrays.stream(growths).max().orElse(NONE),
        walk.exits().nodes(),
        Growths.of(trie, taken, growths));
  }

  boolean isEmpty() {
    return growth == NONE;
  }

  /**
   * The mask without tokens after which the way is longer by more than {@code most}; null if it
   * takes a walk to tell them.
   */
  @Nullable LeafMask within(TokenTrie trie, int most) {
    if (growth <= most) {
      return this;
    }

    if (growths == null) {
      return null;
    }

    boolean keepsUsual = growths.usual() <= most;
    long[] kept = keepsUsual ? bits.clone() : trie.noBits();
    int worst = keepsUsual ? growths.usual() : NONE;
    for (int i = 0; i < growths.nodes().length; i++) {
      int node = growths.nodes()[i];
      if (!trie.isMarked(node, bits)) {
        continue;
      }

      if (growths.others()[i] > most) {
        trie.unmark(node, kept);
      } else {
        trie.mark(node, kept);
        worst = Math.max(worst, growths.others()[i]);
      }
    }

    return new LeafMask(kept, trie.isNone(kept) ? NONE : worst, exits, null);
  }
}
