package org.promptembeds.generation;

import org.jspecify.annotations.Nullable;

/** Generates text for prompt embeddings, many rows at a time; safe for use by many threads. */
public interface GenerationBackend extends AutoCloseable {
  /**
   * Takes a row and returns at once. A row at fault completes its result exceptionally.
   *
   * @throws BackendException if the backend is closed or broken
   */
  PendingGeneration submit(GenerationRequest request);

  /**
   * Takes a row whose output is followed while it is generated. Unless a backend says otherwise,
   * the listener is told nothing, and all of the output comes with the result.
   *
   * @throws BackendException if the backend is closed or broken
   */
  default PendingGeneration submit(GenerationRequest request, GenerationListener listener) {
    return submit(request);
  }

  /** What the backend does and has done; null if it does not tell. */
  default @Nullable BackendStats stats() {
    return null;
  }

  /**
   * Whether the tokens of prompts are looked at, where they are known: for what a model looks up by
   * them, for penalties and for log-probabilities of prompts.
   */
  default boolean takesTokens() {
    return false;
  }

  /** Whether rows are taken; once they are not, they never are again. */
  default boolean isOpen() {
    return true;
  }

  /** Ends every pending row exceptionally and frees the model. */
  @Override
  void close();
}
