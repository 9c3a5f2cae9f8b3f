package org.promptembeds.testing;

import java.util.List;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.tensor.Tensor;

/**
 * Answers at once, and measures how fast prompts come, for one task at a time: a prompt counts when
 * every page of it is in memory. The first one starts the clock.
 */
public final class TimedBackend {
  private static final int PAGE_BYTES = 4096;

  private static long start;
  private static long end;
  private static long bytes;

  private TimedBackend() {}

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

  /** A backend for one task. */
  public static ScriptedBackend create() {
    return ScriptedBackend.answering(
        request -> {
          count(request.embeds());
          return new GenerationResult(
              "", new int[0], FinishReason.STOP, (int) request.embeds().size(0), List.of());
        });
  }
}
