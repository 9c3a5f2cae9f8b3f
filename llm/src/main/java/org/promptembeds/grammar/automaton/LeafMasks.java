package org.promptembeds.grammar.automaton;

import java.util.SortedSet;
import java.util.TreeSet;

/** The masks of leaves, remembered for all grammars of a vocabulary together. */
final class LeafMasks {
  /** Leaves that are compared by what can follow, at most. */
  private static final int MOST_LEAVES = 256;

  /** Units of counted strings of which all is remembered, at most. */
  private static final int MOST_UNITS = 16;

  private final TokenTrie trie;
  private final MaskCache<Key, LeafMask> masks;
  private final MaskCache<UnitKey, CountedMasks> units = new MaskCache<>(MOST_UNITS);
  private final MaskCache<ByteDfa, SortedSet<Integer>> depths = new MaskCache<>(MOST_LEAVES);

  private record Key(ByteDfa kin, int depth, long likeness) {}

  private record UnitKey(ByteDfa unit, int state) {}

  /**
   * Masks of a vocabulary.
   *
   * @param most masks that are remembered, at most
   */
  LeafMasks(TokenTrie trie, int most) {
    this.trie = trie;
    this.masks = new MaskCache<>(most);
  }

  LeafMask mask(ByteDfa leaf, int state) {
    return leaf instanceof CountedDfa counted && counted.isInside(state)
        ? counted(counted, state)
        : walked(leaf, state);
  }

  private LeafMask counted(CountedDfa leaf, int state) {
    Key key = new Key(leaf.kin(), trie.longest(), leaf.likeness(state, trie.longest()));
    LeafMask mask = masks.get(key);
    if (mask == null) {
      int inside = leaf.uncounted(state);
      mask =
          units
              .computeIfAbsent(
                  new UnitKey(leaf.kin(), inside), unit -> new CountedMasks(trie, leaf, state))
              .mask(leaf.missing(state), leaf.left(state));
      masks.put(key, mask);
    }

    return mask;
  }

  /**
   * A mask depends on as many bytes as the walk went down, so that states alike in them share it.
   */
  private LeafMask walked(ByteDfa leaf, int state) {
    SortedSet<Integer> known = depths.computeIfAbsent(leaf.kin(), kin -> new TreeSet<>());
    for (int depth : known) {
      LeafMask mask = masks.get(new Key(leaf.kin(), depth, leaf.likeness(state, depth)));
      if (mask != null) {
        return mask;
      }
    }

    LeafWalk walk = new LeafWalk(trie, leaf, state);
    LeafMask mask = LeafMask.of(trie, leaf, state, walk);
    int depth = walk.deepest() + 1; // the byte that no longer follows counts too
    known.add(depth);
    masks.put(new Key(leaf.kin(), depth, leaf.likeness(state, depth)), mask);
    return mask;
  }
}
