package org.promptembeds.generation;

import java.util.concurrent.CompletableFuture;

/** A row on its way. */
public interface PendingGeneration {
  /**
   * Completes with the result, or exceptionally with {@link InvalidRequestException}, {@link
   * BackendException} or, once cancelled, {@link java.util.concurrent.CancellationException}.
   */
  CompletableFuture<GenerationResult> result();

  /** Gives up on the row and frees what it holds; harmless once it has ended. */
  void cancel();
}
