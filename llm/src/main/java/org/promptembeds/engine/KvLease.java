package org.promptembeds.engine;

import org.jspecify.annotations.Nullable;

/** A region of the KV arena on loan to one sequence; the arena may place it elsewhere. */
final class KvLease {
  private final int cell;
  private KvRegion region;
  private int used;
  private int computed;
  private int half;
  private @Nullable KvGroup group;

  /** Whose cell the state before position {@link #inheritedAt} is in; null if it is its own. */
  private @Nullable KvLease inherited;

  private int inheritedAt;
  private int inheritedCell;

  KvLease(KvRegion region, int cell) {
    this.region = region;
    this.cell = cell;
  }

  /**
   * Number of the cell for recurrent state that comes with the region, unlike any other lease's.
   */
  int cell() {
    return cell;
  }

  /** Where recurrent state is read and written by the next step. */
  StateCells stateCells() {
    return new StateCells(sourceCell(), 2 * cell + 1 - half);
  }

  private int sourceCell() {
    if (inheritsFrom() != null) {
      return inheritedCell;
    }

    return used == 0 ? StateCells.NONE : 2 * cell + half;
  }

  /**
   * Takes over what {@code source} has of the first {@code slots} positions: keys and values have
   * been copied, the state stays where it is and is read from there by the next step.
   */
  void inherit(KvLease source, int slots) {
    int cellOfSource = source.sourceCell();
    use(slots);
    inherited = source;
    inheritedAt = slots;
    inheritedCell = cellOfSource;
  }

  /** Whose state the next step reads; null if it is the lease's own. */
  @Nullable KvLease inheritsFrom() {
    return used == inheritedAt ? inherited : null;
  }

  /**
   * What a step writes is read by the next: one that fails leaves the state as it was, if this is
   * taken back.
   */
  void swapStates() {
    half = 1 - half;
  }

  KvRegion region() {
    return region;
  }

  int start() {
    return region.start();
  }

  int capacity() {
    return region.capacity();
  }

  int end() {
    return region.end();
  }

  /**
   * Slots, from the first, that hold keys and values once the steps have ended that were planned:
   * what a move has to copy.
   */
  int used() {
    return used;
  }

  void use(int slots) {
    if (slots < 0 || slots > region.capacity()) {
      throw new IllegalArgumentException("cannot use " + slots + " slots of " + region);
    }

    used = slots;
    computed = Math.min(computed, slots);
    if (slots < inheritedAt) {
      inherited = null;
    }
  }

  /** Slots, from the first, that steps have filled which have ended; at most {@link #used}. */
  int computed() {
    return computed;
  }

  /** Takes note that a step has ended which filled the first {@code slots}. */
  void computedUpTo(int slots) {
    computed = Math.min(slots, used);
  }

  void place(KvRegion newRegion) {
    region = newRegion;
  }

  /** The leases that begin alike; null if none is known to. */
  @Nullable KvGroup group() {
    return group;
  }

  void enter(KvGroup newGroup) {
    group = newGroup;
  }

  /** Takes note that what it holds changes, or goes. */
  void leaveGroup() {
    if (group != null) {
      group.remove(this);
      group = null;
    }
  }

  /** Where else the first positions can be read, at most {@code most}: see {@link KvGroup#read}. */
  KvRegion shared(int most) {
    return group == null ? KvRegion.EMPTY : group.read(this, most);
  }

  /** Whether {@code other} is known to hold the same at the first {@code length} positions. */
  boolean isLike(KvLease other, int length) {
    return group != null && group.areAlike(this, other, length);
  }

  @Override
  public String toString() {
    return "KvLease[" + region + ", cell=" + cell + ", used=" + used + "]";
  }
}
