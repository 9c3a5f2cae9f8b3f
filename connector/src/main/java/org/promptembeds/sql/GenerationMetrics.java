package org.promptembeds.sql;

import java.io.Serializable;
import java.util.LinkedHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.collection.immutable.Map;

/**
 * What the operator counts for the SQL page of Spark's UI; added to by the task's thread only.
 *
 * @param rows rows that came out
 * @param failedRows of those, rows at fault
 * @param promptTokens positions of the prompts
 * @param generatedTokens tokens generated
 * @param modelTime nanoseconds waited for the model to be loaded
 * @param waitTime nanoseconds waited for results
 */
record GenerationMetrics(
    SQLMetric rows,
    SQLMetric failedRows,
    SQLMetric promptTokens,
    SQLMetric generatedTokens,
    SQLMetric modelTime,
    SQLMetric waitTime)
    implements Serializable {

  static GenerationMetrics create(SparkContext context) {
    return new GenerationMetrics(
        SQLMetrics.createMetric(context, "number of output rows"),
        SQLMetrics.createMetric(context, "failed rows"),
        SQLMetrics.createMetric(context, "prompt tokens"),
        SQLMetrics.createMetric(context, "generated tokens"),
        SQLMetrics.createNanoTimingMetric(context, "time waiting for the model", -1),
        SQLMetrics.createNanoTimingMetric(context, "time waiting for results", -1));
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
    return Seqs.map(metrics);
  }
}
