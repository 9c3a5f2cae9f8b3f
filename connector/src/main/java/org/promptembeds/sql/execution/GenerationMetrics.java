package org.promptembeds.sql.execution;

import java.io.Serializable;
import java.util.LinkedHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.Map;

/**
 * What the operator counts for the SQL page of Spark's UI; added to by the task's thread only.
 *
 * @param rows rows that came out
 * @param failedRows of those, rows at fault
 * @param promptTokens positions of the prompts
 * @param generatedTokens tokens generated
 * @param tokenRate generated tokens per second, from when a task has its model
 * @param modelTime nanoseconds waited for the model to be loaded
 * @param waitTime nanoseconds waited for results
 * @param queueTime milliseconds from a row's submission to its first step, a task's mean
 * @param prefillTime milliseconds from there to the first token, likewise
 * @param decodeTime milliseconds from there to the last token, likewise
 * @param batchSize sequences per step of the model while a task runs, those of all tasks together
 * @param peakKvUse most of the KV cache in use when a row of a task ends, in percent
 */
record GenerationMetrics(
    SQLMetric rows,
    SQLMetric failedRows,
    SQLMetric promptTokens,
    SQLMetric generatedTokens,
    SQLMetric tokenRate,
    SQLMetric modelTime,
    SQLMetric waitTime,
    SQLMetric queueTime,
    SQLMetric prefillTime,
    SQLMetric decodeTime,
    SQLMetric batchSize,
    SQLMetric peakKvUse)
    implements Serializable {

  static GenerationMetrics create(SparkContext context) {
    return new GenerationMetrics(
        SQLMetrics.createMetric(context, "number of output rows"),
        SQLMetrics.createMetric(context, "failed rows"),
        SQLMetrics.createMetric(context, "prompt tokens"),
        SQLMetrics.createMetric(context, "generated tokens"),
        TaskMeans.create(context, "tokens per second of a task"),
        SQLMetrics.createNanoTimingMetric(context, "time waiting for the model", -1),
        SQLMetrics.createNanoTimingMetric(context, "time waiting for results", -1),
        TaskMeans.create(context, "queue time per row (ms)"),
        TaskMeans.create(context, "prefill time per row (ms)"),
        TaskMeans.create(context, "decode time per row (ms)"),
        TaskMeans.create(context, "sequences per step"),
        TaskMeans.create(context, "peak KV cache use (%)"));
  }

  /** The metrics by the names that Spark's own code looks for. */
  Map<String, SQLMetric> byName() {
    java.util.Map<String, SQLMetric> metrics = new LinkedHashMap<>();
    metrics.put("numOutputRows", rows);
    metrics.put("failedRows", failedRows);
    metrics.put("promptTokens", promptTokens);
    metrics.put("generatedTokens", generatedTokens);
    metrics.put("modelTime", modelTime);
    metrics.put("waitTime", waitTime);
    metrics.put("tokenRate", tokenRate);
    metrics.put("queueTime", queueTime);
    metrics.put("prefillTime", prefillTime);
    metrics.put("decodeTime", decodeTime);
    metrics.put("batchSize", batchSize);
    metrics.put("peakKvUse", peakKvUse);
    return Seqs.map(metrics);
  }
}
