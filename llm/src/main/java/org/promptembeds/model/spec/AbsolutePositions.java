package org.promptembeds.model.spec;

/**
 * Absolute positions added to the inputs.
 *
 * @param kind where the vectors come from
 * @param rows of the table, {@code offset} included
 * @param offset row of position 0
 */
public record AbsolutePositions(Kind kind, int rows, int offset) {
  /** No absolute positions. */
  public static final AbsolutePositions NONE = new AbsolutePositions(Kind.NONE, 0, 0);

  /** Where the vectors come from. */
  public enum Kind {
    NONE,
    /** A table of the checkpoint. */
    LEARNED,
    /** Sines, then cosines, of fairseq's geometric frequencies. */
    SINUSOIDAL
  }
}
