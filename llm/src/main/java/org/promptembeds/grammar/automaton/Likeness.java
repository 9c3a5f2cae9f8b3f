package org.promptembeds.grammar.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which states of a table are alike for so many bytes: the same bytes can follow, end at the same
 * places and bring the end nearer by as much.
 */
final class Likeness {
  /** Cells of a table whose states are compared, at most. */
  private static final int MOST_CELLS = 1 << 16;

  private final int columns;
  private final int[] table;
  private final int[] distances;
  private final List<int[]> groups = new ArrayList<>();
  private int count;
  private boolean isSettled;

  /**
   * Likeness of a table's states.
   *
   * @param table for each state the one that follows, by columns
   * @param distances of each state to the end: 0 where it accepts
   */
  Likeness(int columns, int[] table, int[] distances) {
    this.columns = columns;
    this.table = table;
    this.distances = distances;
    this.isSettled = table.length > MOST_CELLS;
    groups.add(
        isSettled
            ? identity()
            : Arrays.stream(distances).map(distance -> Math.min(distance, 1)).toArray());
  }

  private int[] identity() {
    int[] each = new int[distances.length];
    Arrays.setAll(each, state -> state);
    return each;
  }

  /** The number of the states that are like {@code state} for {@code bytes} bytes. */
  synchronized int group(int state, int bytes) {
    while (groups.size() <= bytes && !isSettled) {
      refine();
    }

    return groups.get(Math.min(bytes, groups.size() - 1))[state];
  }

  private void refine() {
    int[] last = groups.get(groups.size() - 1);
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    int[] next = new int[last.length];
    for (int state = 0; state < last.length; state++) {
      List<Integer> signature = new ArrayList<>(2 * columns + 1);
      signature.add(last[state]);
      for (int column = 0; column < columns; column++) {
        int target = table[state * columns + column];
        boolean isDead = target == ByteDfa.DEAD;
        signature.add(isDead ? ByteDfa.DEAD : last[target]);
        signature.add(isDead ? 0 : distances[target] - distances[state]);
      }

      next[state] = numbers.computeIfAbsent(signature, made -> numbers.size());
    }

    isSettled = numbers.size() == count;
    count = numbers.size();
    groups.add(next);
  }
}
