package org.promptembeds.sql.execution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.RowTimes;
import org.promptembeds.generation.BackendStats;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;

/**
 * What one task tells the operator's metrics, row by row; used by the task's thread.
 *
 * <p>Times are means over the task's own rows. Batch size and KV use are those of the backends,
 * which other tasks share, while this one runs.
 */
final class TaskMeter {
  private static final double NANOS_PER_MILLISECOND = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final GenerationMetrics metrics;

  /** What each backend had done when the task came to it. */
  private final Map<GenerationBackend, BackendStats> before = new LinkedHashMap<>();

  private long startNanos;
  private long generatedTokens;
  private long timedRows;
  private long queueNanos;
  private long prefillNanos;
  private long decodeNanos;
  private double peakKvUse;

  TaskMeter(GenerationMetrics metrics) {
    this.metrics = metrics;
  }

  /** Counts from here on what {@code backend} does; {@code waitedNanos} is how long it loaded. */
  void loaded(GenerationBackend backend, long waitedNanos) {
    metrics.modelTime().add(waitedNanos);
    if (startNanos == 0) {
      startNanos = System.nanoTime();
    }

    BackendStats stats = backend.stats();
    if (stats != null) {
      before.putIfAbsent(backend, stats);
    }
  }

  /** Counts the time in which a task had nothing to do but wait for results. */
  void waited(long nanos) {
    metrics.waitTime().add(nanos);
    sample();
  }

  /** Counts a row at fault. */
  void failed() {
    metrics.failedRows().add(1);
  }

  /** Counts the tokens and times of a row's outputs. */
  void generated(List<GenerationResult> outputs) {
    metrics.promptTokens().add(outputs.get(0).promptTokens());
    outputs.forEach(this::generated);
  }

  private void generated(GenerationResult result) {
    RowTimes.shared().finished(result);
    generatedTokens += result.completionTokens();
    metrics.generatedTokens().add(result.completionTokens());
    GenerationTimings timings = result.timings();
    if (timings == null) {
      return;
    }

    timedRows++;
    queueNanos += timings.queueNanos();
    prefillNanos += timings.prefillNanos();
    decodeNanos += timings.decodeNanos();
    TaskMeans.set(metrics.queueTime(), meanMilliseconds(queueNanos));
    TaskMeans.set(metrics.prefillTime(), meanMilliseconds(prefillNanos));
    TaskMeans.set(metrics.decodeTime(), meanMilliseconds(decodeNanos));
  }

  private double meanMilliseconds(long nanos) {
    return nanos / NANOS_PER_MILLISECOND / timedRows;
  }

  /** Counts an output row. */
  void handedOn() {
    metrics.rows().add(1);
    long elapsed = System.nanoTime() - startNanos;
    if (startNanos != 0 && elapsed > 0) {
      TaskMeans.set(metrics.tokenRate(), generatedTokens * NANOS_PER_SECOND / elapsed);
    }

    sample();
  }

  private void sample() {
    long steps = 0;
    long chunks = 0;
    for (Map.Entry<GenerationBackend, BackendStats> entry : before.entrySet()) {
      @Nullable BackendStats now = entry.getKey().stats();
      if (now != null) {
        steps += now.steps() - entry.getValue().steps();
        chunks += now.chunks() - entry.getValue().chunks();
        peakKvUse = Math.max(peakKvUse, (double) now.stepKvSlots() / now.kvSlots());
      }
    }

    if (steps > 0) {
      TaskMeans.set(metrics.batchSize(), (double) chunks / steps);
      TaskMeans.set(metrics.peakKvUse(), 100 * peakKvUse);
    }
  }
}
