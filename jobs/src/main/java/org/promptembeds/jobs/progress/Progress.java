package org.promptembeds.jobs.progress;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Shows on the console how far the jobs of a Spark context are, from when it is started until it is
 * closed: a bar on a terminal, a line a minute elsewhere.
 */
public final class Progress implements AutoCloseable {
  private final SparkContext context;
  private final Clock clock;
  private final Instant start;
  private final String unit;
  private final long totalRows;
  private final Tally tally;
  private final Console console;
  private final ProgressListener listener;
  private boolean isClosed;

  private Progress(SparkContext context, String unit, long totalRows, PrintWriter out) {
    this.context = context;
    this.clock = Clock.systemUTC();
    this.start = clock.instant();
    this.unit = unit;
    this.totalRows = totalRows;
    this.tally = new Tally(start);
    this.console = Console.of(out, start);
    this.listener = new ProgressListener(this::update);
  }

  /**
   * Progress in rows that generate functions hand on.
   *
   * @param totalRows rows there are; -1 if not known
   */
  public static Progress ofRows(SparkContext context, long totalRows, PrintWriter out) {
    return new Progress(context, "rows", totalRows, out).started();
  }

  /** Progress in what {@code counter} counts, up to {@code total}. */
  public static Progress of(
      SparkContext context, String unit, LongAccumulator counter, long total, PrintWriter out) {
    Progress progress = new Progress(context, unit, total, out);
    progress.tally.learn(Tally.Kind.ROWS, counter.id());
    return progress.started();
  }

  private Progress started() {
    context.addSparkListener(listener);
    update(any -> {});
    return this;
  }

  private synchronized void update(Consumer<Tally> change) {
    change.accept(tally);
    if (!isClosed) {
      Instant now = clock.instant();
      console.show(tally.line(unit, totalRows, now), now);
    }
  }

  /** Removes the bar; what Spark's listeners still have to be told is counted before. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      console.clear();
    }

    try {
      context.listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      // Then the last counts are those of some tasks less.
    }

    context.removeSparkListener(listener);
  }

  /** What there is to say at the end: tokens, times, and their rate without the loading. */
  public synchronized String summary() {
    Instant now = clock.instant();
    ProgressLine line = tally.line(unit, totalRows, now);
    Duration total = Duration.between(start, now);
    return String.format(
        Locale.ROOT,
        "%,d tokens in %.1f s after %.1f s of loading, %,.0f tokens/s",
        line.tokens(),
        seconds(line.elapsed()),
        seconds(total.minus(line.elapsed())),
        line.tokensPerSecond());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
