package org.promptembeds.engine;

/**
 * Where a step reads and writes the recurrent state of a sequence. A cell holds the state of one
 * sequence in every layer; a sequence has two, which change places with every step that succeeds.
 *
 * @param source cell that is read; {@link #NONE} at the beginning of a sequence
 * @param target cell that is written
 */
public record StateCells(int source, int target) {
  /** Stands for the state before the first position. */
  public static final int NONE = -1;

  /** Cells of a sequence that is the only one. */
  public static final StateCells FIRST = new StateCells(NONE, 0);
}
