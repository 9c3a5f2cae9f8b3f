package org.promptembeds.generation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A row on its way. */
public interface PendingGeneration {
  /**
   * Completes with the result, or exceptionally with {@link InvalidRequestException}, {@link
   * BackendException} or, once cancelled, {@link java.util.concurrent.CancellationException}.
   */
  CompletableFuture<GenerationResult> result();

  /** Gives up on the row and frees what it holds; harmless once it has ended. */
  void cancel();

  /**
   * Completes with the results of all {@code outputs}, in their order, or with the first failure
   * among them, which ends the others.
   */
  static CompletableFuture<List<GenerationResult>> all(List<PendingGeneration> outputs) {
    CompletableFuture<List<GenerationResult>> all = new CompletableFuture<>();
    AtomicInteger missing = new AtomicInteger(outputs.size());
    for (PendingGeneration output : outputs) {
      var unused =
          output
              .result()
              .whenComplete(
                  (result, failure) -> {
                    if (failure == null && missing.decrementAndGet() == 0) {
                      all.complete(outputs.stream().map(each -> each.result().join()).toList());
                    } else if (failure != null
                        && all.completeExceptionally(new CompletionException(failure))) {
                      outputs.forEach(PendingGeneration::cancel);
                    }
                  });
    }

    return all;
  }
}
