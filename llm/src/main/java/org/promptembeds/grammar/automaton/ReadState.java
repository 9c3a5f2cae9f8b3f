package org.promptembeds.grammar.automaton;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All ways to have read an output so far. Equal ones are one object within their {@link Reader}.
 */
public final class ReadState {
  private static final int BYTES = 256;

  private final List<Place> places;
  private final boolean accepting;
  private final int distance;

  // Made when first asked: most states are read on from by few bytes only.
  private ReadState @Nullable [] next;
  private long @Nullable [] known;

  ReadState(List<Place> places, boolean accepting) {
    this.places = List.copyOf(places);
    this.accepting = accepting;
    this.distance =
        accepting ? 0 : places.stream().mapToInt(Place::distance).min().orElse(Node.NEVER);
  }

  List<Place> places() {
    return places;
  }

  /** Whether the output may end here. */
  public boolean isAccepting() {
    return accepting;
  }

  /** Whether no byte can follow. */
  public boolean isLast() {
    return places.stream().noneMatch(Place::canRead);
  }

  /** Fewest bytes to an end of the output. */
  public int distance() {
    return distance;
  }

  boolean isKnown(int value) {
    return known != null && (known[value >> 6] >>> value & 1) != 0;
  }

  @Nullable ReadState known(int value) {
    return next == null ? null : next[value];
  }

  void learn(int value, @Nullable ReadState state) {
    if (known == null) {
      known = new long[BYTES / Long.SIZE];
    }

    known[value >> 6] |= 1L << value;
    if (state != null) {
      if (next == null) {
        next = new ReadState[BYTES];
      }

      next[value] = state;
    }
  }
}
