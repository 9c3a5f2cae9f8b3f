package org.promptembeds.grammar.automaton;

/**
 * Strings in quotation marks with bounds of their length, however large, without a state for each
 * length.
 *
 * <p>A state is {@link #OPENING}, {@link #CLOSED}, or {@code 2 + count * states of the unit + state
 * of the unit}; where the unit is at its start, {@code count} units are whole.
 */
final class CountedDfa implements ByteDfa {
  private static final int OPENING = 0;
  private static final int CLOSED = 1;
  private static final int FIRST = 2;

  private final TableDfa unit;
  private final int unitStates;
  private final int least;
  private final int most;

  /**
   * A counter.
   *
   * @param unit nothing follows where it accepts, and it does not begin with a quotation mark
   */
  CountedDfa(TableDfa unit, int least, int most) {
    if (least < 0 || most < least || most > MOST_COUNTED || unit.size() > 256) {
      throw new IllegalArgumentException(
          "cannot repeat a unit of %d states %d to %d times".formatted(unit.size(), least, most));
    }

    this.unit = unit;
    this.unitStates = unit.size();
    this.least = least;
    this.most = most;
  }

  @Override
  public int start() {
    return OPENING;
  }

  @Override
  public int next(int state, int value) {
    if (state < FIRST) {
      return state == OPENING && value == '"' ? FIRST + unit.start() : DEAD;
    }

    int count = count(state);
    int inside = inside(state);
    if (inside == unit.start() && value == '"') {
      return count >= least ? CLOSED : DEAD;
    }

    int next = count == most ? DEAD : unit.next(inside, value);
    if (next == DEAD) {
      return DEAD;
    }

    return unit.accepts(next)
        ? FIRST + (count + 1) * unitStates + unit.start()
        : FIRST + count * unitStates + next;
  }

  /** The same strings without bounds of their length. */
  CountedDfa unbounded() {
    return new CountedDfa(unit, 0, MOST_COUNTED);
  }

  /** Whether a state is between the quotation marks. */
  boolean isInside(int state) {
    return state >= FIRST;
  }

  /** A state inside, as if no unit had been read. */
  int uncounted(int state) {
    return FIRST + inside(state);
  }

  /** Units that must still be read before the string may end. */
  int missing(int state) {
    return Math.max(0, least - count(state));
  }

  /** Units that may still be read. */
  int left(int state) {
    return most - count(state);
  }

  /** Units that have been begun. */
  int begun(int state) {
    return count(state) + (inside(state) == unit.start() ? 0 : 1);
  }

  /** Units that are whole. */
  int count(int state) {
    return (state - FIRST) / unitStates;
  }

  private int inside(int state) {
    return (state - FIRST) % unitStates;
  }

  @Override
  public boolean accepts(int state) {
    return state == CLOSED;
  }

  @Override
  public int distance(int state) {
    if (state < FIRST) {
      return state == CLOSED ? 0 : 2 + least * unit.shortest();
    }

    int missing = missing(state);
    int inside = inside(state);
    return 1
        + (inside == unit.start()
            ? missing * unit.shortest()
            : unit.distance(inside) + Math.max(0, missing - 1) * unit.shortest());
  }

  @Override
  public ByteDfa kin() {
    return unit;
  }

  @Override
  public long likeness(int state, int longest) {
    if (state < FIRST) {
      return -1L - (state == OPENING ? ((long) least << 24 | most) : 0);
    }

    long missing = Math.min(missing(state), longest + 1L);
    long left = Math.min(left(state), longest + 1L);
    return (missing << 40) | (left << 8) | inside(state);
  }
}
