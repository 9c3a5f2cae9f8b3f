package org.promptembeds.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.promptembeds.generation.BackendStats;
import org.promptembeds.generation.GenerationBackend;

/**
 * Looks at a run from time to time, less and less often, so that it keeps a bounded number of
 * moments.
 */
final class Timeline implements AutoCloseable {
  private static final long FIRST_PERIOD_MILLIS = 50;
  private static final int MOST = 600;

  private final long start;
  private final GenerationBackend backend;
  private final AtomicLong done;
  private final MemoryMeter memory;
  private final List<Moment> moments = new ArrayList<>(); // guarded by this
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "bench-timeline");
            thread.setDaemon(true);
            return thread;
          });
  private long ticks; // guarded by this
  private long stride = 1; // guarded by this

  private Timeline(long start, GenerationBackend backend, AtomicLong done, MemoryMeter memory) {
    this.start = start;
    this.backend = backend;
    this.done = done;
    this.memory = memory;
  }

  /** Begins to look. */
  static Timeline follow(
      long start, GenerationBackend backend, AtomicLong done, MemoryMeter memory) {
    Timeline timeline = new Timeline(start, backend, done, memory);
    var unused =
        timeline.clock.scheduleAtFixedRate(
            timeline::tick, 0, FIRST_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return timeline;
  }

  private synchronized void tick() {
    if (ticks++ % stride != 0) {
      return;
    }

    moments.add(now());
    if (moments.size() >= MOST) {
      for (int i = moments.size() - 1; i > 0; i -= 2) {
        moments.remove(i);
      }

      stride *= 2;
    }
  }

  private Moment now() {
    BackendStats stats = backend.stats();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (stats == null) {
      return new Moment(seconds, done.get(), 0, 0, -1, 0, 0, memory.bytes());
    }

    return new Moment(
        seconds,
        done.get(),
        stats.generatedTokens(),
        stats.promptTokens(),
        stats.running(),
        stats.waiting(),
        (double) stats.usedKvSlots() / Math.max(1, stats.kvSlots()),
        memory.bytes());
  }

  /** What was seen, the present moment last. */
  synchronized List<Moment> moments() {
    List<Moment> all = new ArrayList<>(moments);
    all.add(now());
    return all;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
