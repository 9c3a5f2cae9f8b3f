package org.promptembeds.jobs.cluster;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;

/** Answers with a text that depends on the embeddings alone, once the row has passed the gate. */
final class GateBackend implements GenerationBackend {
  static final int HIDDEN_SIZE = 4;

  private final Gate gate;
  private final ExecutorService workers = Executors.newCachedThreadPool();

  GateBackend(Gate gate) {
    this.gate = gate;
  }

  /** The text for embeddings that begin with {@code first}. */
  static String text(int first) {
    return "  text, \"of\"\n" + first;
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    int first = (int) request.embeds().toFloats()[0];
    CompletableFuture<GenerationResult> result =
        CompletableFuture.supplyAsync(
            () -> {
              gate.pass("row-" + first);
              return new GenerationResult(
                  text(first), new int[] {first}, FinishReason.STOP, 1, List.of());
            },
            workers);
    return new PendingGeneration() {
      @Override
      public CompletableFuture<GenerationResult> result() {
        return result;
      }

      @Override
      public void cancel() {
        result.cancel(false);
      }
    };
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
