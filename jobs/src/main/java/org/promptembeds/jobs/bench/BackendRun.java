package org.promptembeds.jobs.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;

/** Gives a workload to a backend, row by row as they arrive, and measures what comes back. */
public final class BackendRun {
  private final GenerationBackend backend;
  private final Prompts prompts;
  private final IntFunction<SamplingParams> params;
  private final int mostUnderWay;
  private final Samples first = new Samples();
  private final Samples gaps = new Samples();
  private final Samples ends = new Samples();
  private final AtomicLong done = new AtomicLong();

  /**
   * A run that has not begun.
   *
   * @param params of a row of so many tokens of output
   * @param mostUnderWay rows that are submitted and not done, at most: what a job's bound of bytes
   *     in flight comes to
   */
  public BackendRun(
      GenerationBackend backend,
      Prompts prompts,
      IntFunction<SamplingParams> params,
      int mostUnderWay) {
    this.backend = backend;
    this.prompts = prompts;
    this.params = params;
    this.mostUnderWay = mostUnderWay;
  }

  /**
   * Generates for every row and returns when all are done.
   *
   * @param target what the report calls it
   * @param memory tells the memory that is in use
   * @throws ExecutionException if a row fails
   */
  public RunReport run(String target, Workload workload, MemoryMeter memory)
      throws ExecutionException, InterruptedException {
    Deque<PendingGeneration> pending = new ArrayDeque<>();
    long promptTokens = 0;
    long outputTokens = 0;
    long start = System.nanoTime();
    try (Timeline timeline = Timeline.follow(start, backend, done, memory)) {
      for (int i = 0; i < workload.rows().size(); i++) {
        Workload.Row row = workload.rows().get(i);
        while (pending.size() >= mostUnderWay) {
          GenerationResult result = pending.remove().result().get();
          promptTokens += result.promptTokens();
          outputTokens += result.completionTokens();
        }

        waitUntil(start + row.arrivalNanos());
        pending.add(submit(i, row, start + row.arrivalNanos()));
      }

      for (PendingGeneration row : pending) {
        GenerationResult result = row.result().get();
        promptTokens += result.promptTokens();
        outputTokens += result.completionTokens();
      }

      double seconds = (System.nanoTime() - start) / 1e9;
      return new RunReport(
          target,
          seconds,
          workload.rows().size(),
          promptTokens,
          outputTokens,
          measured(first.percentiles()),
          measured(gaps.percentiles()),
          ends.percentiles(),
          Map.of(),
          timeline.moments());
    }
  }

  private static @Nullable Percentiles measured(Percentiles percentiles) {
    return percentiles.count() == 0 ? null : percentiles;
  }

  private PendingGeneration submit(int index, Workload.Row row, long arrival) {
    RowClock clock = new RowClock(arrival, first, gaps);
    PendingGeneration pending =
        backend.submit(
            new GenerationRequest(
                "row-" + index,
                prompts.of(index, row.promptTokens()),
                params.apply(row.outputTokens())),
            delta -> clock.tick(delta.tokenIds().length));
    var unused =
        pending
            .result()
            .thenAccept(
                result -> {
                  clock.tick(result.tokenIds().length - clock.tokens());
                  ends.add(System.nanoTime() - arrival);
                  done.incrementAndGet();
                });
    return pending;
  }

  private static void waitUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
