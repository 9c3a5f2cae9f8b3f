package org.promptembeds.jobs.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job's tasks: which accumulators count what, and what their tasks have added to
 * them. Not thread-safe.
 */
final class Tally {
  /** What an accumulator counts. */
  enum Kind {
    /** Rows that came out. */
    ROWS,
    /** Tokens generated. */
    TOKENS,
    /** Nanoseconds from the start of a task until it had its model. */
    LOADING
  }

  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final Map<Kind, Set<Long>> accumulators = new HashMap<>();
  private final Map<Long, Long> ended = new HashMap<>(); // sums by accumulator
  private final Map<Long, Map<Long, Long>> running = new HashMap<>(); // by task and accumulator
  private final Map<Long, Long> starts = new HashMap<>(); // of running tasks, in milliseconds
  private final Instant start;

  private @Nullable Instant ready; // when the first task had its model
  private boolean isGenerating;
  private int endedTasks;
  private int totalTasks;

  Tally(Instant start) {
    this.start = start;
  }

  void learn(Kind kind, long accumulator) {
    accumulators.computeIfAbsent(kind, any -> new HashSet<>()).add(accumulator);
  }

  /** Tasks that there will be. */
  void expect(int tasks) {
    totalTasks += tasks;
  }

  /** A stage has begun in which a model is needed. */
  void generates() {
    isGenerating = true;
  }

  void taskStarted(long task, long launchMillis) {
    starts.put(task, launchMillis);
  }

  /** What a task that runs has added to an accumulator so far. */
  void running(long task, long accumulator, long value) {
    running.computeIfAbsent(task, any -> new HashMap<>()).put(accumulator, value);
    loaded(task, accumulator, value);
  }

  /** A task has ended, which its {@link #endedWith sums} were told of before. */
  void taskEnded(long task, boolean isSuccess) {
    running.remove(task);
    starts.remove(task);
    endedTasks += isSuccess ? 1 : 0;
  }

  /** What a task that has ended added to an accumulator. */
  void endedWith(long task, long accumulator, long value) {
    ended.merge(accumulator, value, Long::sum);
    loaded(task, accumulator, value);
  }

  private void loaded(long task, long accumulator, long nanos) {
    @Nullable Long launch = starts.get(task);
    if (nanos > 0 && launch != null && isOf(Kind.LOADING, accumulator)) {
      Instant time = Instant.ofEpochMilli(launch + (long) (nanos / NANOS_PER_MILLISECOND));
      ready = ready == null || time.isBefore(ready) ? time : ready;
    }
  }

  private boolean isOf(Kind kind, long accumulator) {
    return accumulators.getOrDefault(kind, Set.of()).contains(accumulator);
  }

  private long sum(long accumulator) {
    long underWay =
        running.values().stream().mapToLong(task -> task.getOrDefault(accumulator, 0L)).sum();
    return underWay + ended.getOrDefault(accumulator, 0L);
  }

  /**
   * How far the job is; of several operators one after the other, the one with most rows counts.
   */
  ProgressLine line(String unit, long totalRows, Instant now) {
    long rows = sums(Kind.ROWS).max().orElse(0);
    return new ProgressLine(
        unit,
        rows,
        totalRows,
        endedTasks,
        totalTasks,
        sums(Kind.TOKENS).sum(),
        isGenerating && ready == null && rows == 0,
        Duration.between(ready == null ? start : ready, now));
  }

  private LongStream sums(Kind kind) {
    return accumulators.getOrDefault(kind, Set.of()).stream().mapToLong(this::sum);
  }
}
