package org.promptembeds.generation;

/**
 * Hears of one row's output while it is generated.
 *
 * <p>All that it is told, put together, is a prefix of the row's {@link GenerationResult}: what
 * comes last, with the token that ends the output, comes only with the result, and a backend that
 * knows nothing before the end tells nothing.
 */
@FunctionalInterface
public interface GenerationListener {
  /**
   * Takes the next piece. Called on the backend's own thread, in order and never after a result; a
   * row that is cancelled may be told of once more. It must be short, for every row waits on it. If
   * it throws, its row fails.
   */
  void generated(GenerationDelta delta);

  /** Whether the text of the pieces is looked at; if not, it may be left out. */
  default boolean wantsText() {
    return true;
  }
}
