package org.promptembeds.generation;

/** Generates text for prompt embeddings, many rows at a time; safe for use by many threads. */
public interface GenerationBackend extends AutoCloseable {
  /**
   * Takes a row and returns at once. A row at fault completes its result exceptionally.
   *
   * @throws BackendException if the backend is closed or broken
   */
  PendingGeneration submit(GenerationRequest request);

  /** Ends every pending row exceptionally and frees the model. */
  @Override
  void close();
}
