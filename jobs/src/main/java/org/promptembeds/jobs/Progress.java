package org.promptembeds.jobs;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reports a running job on the console: one line that changes on a terminal, otherwise a line every
 * ten seconds. Called by Spark's listener thread; {@link #now()} by any.
 */
final class Progress extends SparkListener {
  private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

  private final RowCounters counters;
  private final long totalRows;
  private final PrintWriter console;
  private final boolean terminal;
  private final Clock clock;
  private final Instant start;

  /** Counts of tasks still running, by task and accumulator, as their last heartbeat told. */
  private final Map<Long, Map<Long, Long>> running = new HashMap<>();

  private Instant lastReport;
  private int lineLength;
  private long shownRows;

  /**
   * A report that starts now.
   *
   * @param totalRows rows there are; -1 if not known
   * @param terminal whether {@code console} is a terminal
   */
  Progress(
      RowCounters counters, long totalRows, PrintWriter console, boolean terminal, Clock clock) {
    this.counters = counters;
    this.totalRows = totalRows;
    this.console = console;
    this.terminal = terminal;
    this.clock = clock;
    this.start = clock.instant();
    this.lastReport = start;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    synchronized (this) {
      CollectionConverters.asJava(update.accumUpdates())
          .forEach(
              task ->
                  CollectionConverters.asJava(task._4())
                      .forEach(info -> record((Long) task._1(), info)));
      report();
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    synchronized (this) {
      running.remove(end.taskInfo().taskId());
      report();
    }
  }

  private void record(long task, AccumulableInfo info) {
    boolean ours = info.id() == counters.rows().id() || info.id() == counters.tokens().id();
    if (ours && info.update().isDefined() && info.update().get() instanceof Long value) {
      running.computeIfAbsent(task, id -> new HashMap<>()).put(info.id(), value);
    }
  }

  /** How far the job is. */
  synchronized ProgressLine now() {
    return new ProgressLine(
        counters.rows().value() + running(counters.rows().id()),
        totalRows,
        counters.tokens().value() + running(counters.tokens().id()),
        Duration.between(start, clock.instant()));
  }

  private long running(long accumulator) {
    return running.values().stream().mapToLong(task -> task.getOrDefault(accumulator, 0L)).sum();
  }

  private void report() {
    Instant time = clock.instant();
    Duration interval = terminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
    ProgressLine line = now();
    if (line.rows() < shownRows || time.isBefore(lastReport.plus(interval))) {
      return;
    }

    lastReport = time;
    shownRows = line.rows();
    if (terminal) {
      String text = line.text();
      console.print("\r" + text + " ".repeat(Math.max(0, lineLength - text.length())));
      lineLength = text.length();
    } else {
      console.println(line.text());
    }

    console.flush();
  }

  /** Removes the line that changes. */
  synchronized void end() {
    if (lineLength > 0) {
      console.print("\r" + " ".repeat(lineLength) + "\r");
      console.flush();
      lineLength = 0;
    }
  }
}
