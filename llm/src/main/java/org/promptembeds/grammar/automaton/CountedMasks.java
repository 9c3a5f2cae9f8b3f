package org.promptembeds.grammar.automaton;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.promptembeds.grammar.automaton.LeafMask.Growths;

/**
 * The masks within counted strings of one unit, whatever their bounds: one walk tells for each
 * token how many units it takes, and a bound leaves those out that take too many.
 */
final class CountedMasks {
  private final TokenTrie trie;
  private final LeafMask unbounded;
  private final int[] open;
  private final int[] openUnits;
  private final int[] closers;
  private final int[] closerUnits;
  private final int[] exits;
  private final int[] exitUnits;

  /**
   * Masks of strings of {@code counted}'s unit.
   *
   * @param state a state inside of the string
   */
  CountedMasks(TokenTrie trie, CountedDfa counted, int state) {
    this.trie = trie;
    CountedDfa leaf = counted.unbounded();
    int start = counted.uncounted(state);
    LeafWalk walk = new LeafWalk(trie, leaf, start);
    this.unbounded = LeafMask.of(trie, leaf, start, walk);
    LeafWalk.Visits taken = walk.taken();
    int[] closing =
        IntStream.range(0, taken.size()).filter(i -> leaf.accepts(taken.at(i))).toArray();
    this.closers = Arrays.stream(closing).map(taken::node).toArray();
    this.closerUnits = Arrays.stream(closing).map(i -> leaf.count(taken.before(i))).toArray();
    long[] byUnits =
        IntStream.range(0, taken.size())
            .filter(i -> !leaf.accepts(taken.at(i)))
            .mapToLong(i -> ((long) leaf.begun(taken.at(i)) << 32) | taken.node(i))
            .sorted()
            .toArray();
    this.open = Arrays.stream(byUnits).mapToInt(key -> (int) key).toArray();
    this.openUnits = Arrays.stream(byUnits).mapToInt(key -> (int) (key >> 32)).toArray();
    this.exits = walk.exits().nodes();
    this.exitUnits =
        IntStream.range(0, exits.length).map(i -> leaf.count(walk.exits().before(i))).toArray();
  }

  /**
   * The mask where the string ends after at least {@code missing} and at most {@code left} more
   * units.
   */
  LeafMask mask(int missing, int left) {
    int fitting = fitting(left);
    long[] bits;
    if (fitting > open.length / 2) {
      bits = unbounded.bits().clone();
      IntStream.range(fitting, open.length).forEach(i -> trie.unmark(open[i], bits));
    } else {
      bits = trie.noBits();
      IntStream.range(0, fitting).forEach(i -> trie.mark(open[i], bits));
    }

    for (int i = 0; i < closers.length; i++) {
      if (closerUnits[i] >= missing && closerUnits[i] <= left) {
        trie.mark(closers[i], bits);
      } else {
        trie.unmark(closers[i], bits);
      }
    }

    int[] leaving =
        IntStream.range(0, exits.length)
            .filter(i -> exitUnits[i] >= missing && exitUnits[i] <= left)
            .map(i -> exits[i])
            .toArray();
    Growths growths = missing == 0 ? unbounded.growths() : null;
    return new LeafMask(
        bits, trie.isNone(bits) ? LeafMask.NONE : unbounded.growth(), leaving, growths);
  }

  /** How many of the open tokens have at most {@code left} units. */
  private int fitting(int left) {
    int low = 0;
    int high = openUnits.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (openUnits[middle] <= left) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }

    return low;
  }
}
