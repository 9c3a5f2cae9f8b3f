package org.promptembeds.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An automaton that finds all stop strings of a row in one reading of its text, as Aho and Corasick
 * ("Efficient string matching", 1975) describe it. Its state after a text is the longest tail of
 * the text that a stop string begins with. Immutable.
 */
final class StopAutomaton {
  /** The state before any text. */
  static final int START = 0;

  private final Map<Long, Integer> next = new HashMap<>(); // by state and character
  private final int[] shorter; // of a state, the longest tail of it that is a state
  private final int[] completed; // of a state, length of the longest stop string that it ends with
  private final int[] begun; // of a state, longest tail of it that a longer stop string begins with
  private final int longest;

  StopAutomaton(List<String> stops) {
    List<Integer> lengths = new ArrayList<>(List.of(0));
    int[] ends = new int[stops.size()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = add(stops.get(i), lengths);
    }

    longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    shorter = new int[lengths.size()];
    completed = new int[lengths.size()];
    begun = new int[lengths.size()];
    for (int end : ends) {
      completed[end] = lengths.get(end);
    }

    link(lengths);
  }

  private int add(String stop, List<Integer> lengths) {
    int state = START;
    for (int i = 0; i < stop.length(); i++) {
      int length = i + 1;
      state =
          next.computeIfAbsent(
              key(state, stop.charAt(i)),
              missing -> {
                lengths.add(length);
                return lengths.size() - 1;
              });
    }

    return state;
  }

  /** Fills what is known of a state from the states that are shorter, the shortest first. */
  private void link(List<Integer> lengths) {
    List<List<Long>> edges = new ArrayList<>();
    lengths.forEach(length -> edges.add(new ArrayList<>()));
    next.keySet().forEach(key -> edges.get((int) (key >> Character.SIZE)).add(key));
    Deque<Integer> states = new ArrayDeque<>(List.of(START));
    while (!states.isEmpty()) {
      int state = states.remove();
      completed[state] = Math.max(completed[state], completed[shorter[state]]);
      begun[state] = edges.get(state).isEmpty() ? begun[shorter[state]] : lengths.get(state);
      for (long key : edges.get(state)) {
        int longer = next.getOrDefault(key, START);
        shorter[longer] = state == START ? START : after(shorter[state], (char) key);
        states.add(longer);
      }
    }
  }

  private static long key(int state, char character) {
    return (long) state << Character.SIZE | character;
  }

  /** The state when {@code character} follows what led to {@code state}. */
  int after(int state, char character) {
    for (int from = state; ; from = shorter[from]) {
      Integer to = next.get(key(from, character));
      if (to != null) {
        return to;
      }

      if (from == START) {
        return START;
      }
    }
  }

  /** Length of the longest stop string that a text in {@code state} ends with; 0 if none. */
  int completed(int state) {
    return completed[state];
  }

  /** Length of the longest tail of a text in {@code state} that may become a stop string. */
  int begun(int state) {
    return begun[state];
  }

  /**
   * Start of the first stop string in {@code text} that ends past {@code floor}; -1 if none does.
   */
  int firstIn(CharSequence text, int floor) {
    int state = START;
    int first = -1;
    for (int end = Math.max(0, floor - longest) + 1; end <= text.length(); end++) {
      if (first >= 0 && end - longest > first) {
        return first;
      }

      state = after(state, text.charAt(end - 1));
      if (completed[state] > 0 && end > floor) {
        int start = end - completed[state];
        first = first < 0 ? start : Math.min(first, start);
      }
    }

    return first;
  }
}
