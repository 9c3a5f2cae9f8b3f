package org.promptembeds.executor;

import com.codahale.metrics.ExponentiallyDecayingReservoir;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;

/**
 * How long the rows of one executor take, as histograms of Spark's metrics system, in microseconds.
 * Safe for use by many threads.
 */
public final class RowTimes implements MetricSet {
  private static final RowTimes SHARED = new RowTimes();

  private final Histogram queue = histogram();
  private final Histogram prefill = histogram();
  private final Histogram decode = histogram();
  private final Histogram firstToken = histogram();
  private final Histogram perToken = histogram();
  private final Histogram whole = histogram();

  /** Times of no row. */
  RowTimes() {}

  /** Those of this JVM. */
  public static RowTimes shared() {
    return SHARED;
  }

  private static Histogram histogram() {
    return new Histogram(new ExponentiallyDecayingReservoir());
  }

  /** Takes a row that came to its end; one whose backend tells no times counts for nothing. */
  public void finished(GenerationResult result) {
    GenerationTimings timings = result.timings();
    if (timings == null) {
      return;
    }

    long first = timings.queueNanos() + timings.prefillNanos();
    update(queue, timings.queueNanos());
    update(prefill, timings.prefillNanos());
    update(decode, timings.decodeNanos());
    update(firstToken, first);
    update(whole, first + timings.decodeNanos());
    if (result.completionTokens() > 1) {
      update(perToken, timings.decodeNanos() / (result.completionTokens() - 1));
    }
  }

  private static void update(Histogram histogram, long nanos) {
    histogram.update(TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  @Override
  public Map<String, Metric> getMetrics() {
    return Map.of(
        "queueMicros",
        queue,
        "prefillMicros",
        prefill,
        "decodeMicros",
        decode,
        "timeToFirstTokenMicros",
        firstToken,
        "timePerTokenMicros",
        perToken,
        "rowMicros",
        whole);
  }
}
