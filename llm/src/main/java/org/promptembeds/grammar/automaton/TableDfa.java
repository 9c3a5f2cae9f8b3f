package org.promptembeds.grammar.automaton;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/** A byte automaton as a table: a row for each state, a column for each class of like bytes. */
final class TableDfa implements ByteDfa {
  private static final int BYTES = 256;

  private final byte[] classOf;
  private final int classes;
  private final int[] table;
  private final int[] distances;
  private final boolean[] accepting;
  private final Likeness likeness;
  private final int hash;

  private TableDfa(byte[] classOf, int classes, int[] table, boolean[] accepting) {
    this.classOf = classOf;
    this.classes = classes;
    this.table = table;
    this.accepting = accepting;
    this.distances = distances(classes, table, accepting);
    this.likeness = new Likeness(classes, table, distances);
    this.hash = Arrays.hashCode(new int[] {Arrays.hashCode(classOf), Arrays.hashCode(table)});
  }

  /**
   * A table of an automaton whose labels are bytes.
   *
   * @param automaton deterministic, without dead states, its first state the start
   */
  static TableDfa of(Automaton automaton) {
    boolean[] starts = new boolean[BYTES + 1];
    Transition edge = new Transition();
    int states = automaton.getNumStates();
    for (int state = 0; state < states; state++) {
      for (int i = automaton.initTransition(state, edge); i > 0; i--) {
        automaton.getNextTransition(edge);
        starts[edge.min] = true;
        starts[edge.max + 1] = true;
      }
    }

    byte[] classOf = new byte[BYTES];
    int classes = 0;
    for (int b = 0; b < BYTES; b++) {
      classes += b > 0 && starts[b] ? 1 : 0;
      classOf[b] = (byte) classes;
    }

    classes++;
    int[] table = new int[states * classes];
    Arrays.fill(table, DEAD);
    boolean[] accepting = new boolean[states];
    for (int state = 0; state < states; state++) {
      accepting[state] = automaton.isAccept(state);
      for (int i = automaton.initTransition(state, edge); i > 0; i--) {
        automaton.getNextTransition(edge);
        int first = classOf[edge.min] & 0xff;
        int last = classOf[edge.max] & 0xff;
        Arrays.fill(table, state * classes + first, state * classes + last + 1, edge.dest);
      }
    }

    return new TableDfa(classOf, classes, table, accepting);
  }

  private static int[] distances(int classes, int[] table, boolean[] accepting) {
    int states = accepting.length;
    int[] from = new int[states + 1];
    for (int target : table) {
      if (target != DEAD) {
        from[target + 1]++;
      }
    }

    for (int state = 0; state < states; state++) {
      from[state + 1] += from[state];
    }

    int[] sources = new int[from[states]];
    int[] filled = from.clone();
    for (int edge = 0; edge < table.length; edge++) {
      if (table[edge] != DEAD) {
        sources[filled[table[edge]]++] = edge / classes;
      }
    }

    int[] distances = new int[states];
    ArrayDeque<Integer> reached = new ArrayDeque<>();
    for (int state = 0; state < states; state++) {
      distances[state] = accepting[state] ? 0 : Node.NEVER;
      if (accepting[state]) {
        reached.add(state);
      }
    }

    while (!reached.isEmpty()) {
      int state = reached.remove();
      for (int i = from[state]; i < from[state + 1]; i++) {
        if (distances[sources[i]] == Node.NEVER) {
          distances[sources[i]] = distances[state] + 1;
          reached.add(sources[i]);
        }
      }
    }

    return distances;
  }

  int size() {
    return accepting.length;
  }

  @Override
  public int start() {
    return 0;
  }

  @Override
  public int next(int state, int value) {
    return table[state * classes + (classOf[value] & 0xff)];
  }

  @Override
  public boolean accepts(int state) {
    return accepting[state];
  }

  @Override
  public int distance(int state) {
    return distances[state];
  }

  @Override
  public ByteDfa kin() {
    return this;
  }

  @Override
  public long likeness(int state, int longest) {
    return likeness.group(state, longest);
  }

  /** Tables are equal that hold the same, so that masks of one are those of another. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof TableDfa that
            && hash == that.hash
            && Arrays.equals(classOf, that.classOf)
            && Arrays.equals(accepting, that.accepting)
            && Arrays.equals(table, that.table));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int shortest() {
    return accepting.length == 0 ? Node.NEVER : distances[0];
  }
}
