package org.promptembeds.testing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.tensor.Tensor;

/**
 * Answers at once, and measures how fast prompts come, for one task at a time: a prompt counts when
 * every page of it is in memory. The first one starts the clock.
 */
public final class TimedBackend implements GenerationBackend {
  private static final int PAGE_BYTES = 4096;

  private static long start;
  private static long end;
  private static long bytes;

  /** Bytes per second since the last call. */
  public static synchronized double takeRate() {
    double rate = bytes / ((end - start) / 1e9);
    start = 0;
    bytes = 0;
    return rate;
  }

  private static synchronized void count(Tensor tensor) {
    var data = tensor.data();
    long sum = 0;
    for (int i = 0; i < data.limit(); i += PAGE_BYTES) {
      sum += data.get(i);
    }

    if (sum == Long.MIN_VALUE) {
      throw new IllegalStateException("no sum of bytes is that small");
    }

    end = System.nanoTime();
    if (start == 0) {
      start = end;
    } else {
      bytes += tensor.byteCount();
    }
  }

  @Override
  public PendingGeneration submit(GenerationRequest request) {
    count(request.embeds());
    CompletableFuture<GenerationResult> result =
        CompletableFuture.completedFuture(
            new GenerationResult(
                "", new int[0], FinishReason.STOP, (int) request.embeds().size(0), List.of()));
    return new PendingGeneration() {
      @Override
      public CompletableFuture<GenerationResult> result() {
        return result;
      }

      @Override
      public void cancel() {}
    };
  }

  @Override
  public void close() {}
}
