package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SQLAppStatusStore;
import org.apache.spark.sql.execution.ui.SQLExecutionUIData;
import org.apache.spark.sql.execution.ui.SQLPlanMetric;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.TestSpark;
import scala.collection.Iterator;

/** What the SQL page of Spark's UI shows of the operator. */
class GenerationMetricsTest {
  private final SparkSession spark = TestSpark.session();

  /** Metrics of the last query as the page shows them, by name. */
  private Map<String, String> shown() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    SQLAppStatusStore store = spark.sharedState().statusStore();
    SQLExecutionUIData last = store.executionsList().last();
    var values = store.executionMetrics(last.executionId());
    Map<String, String> shown = new TreeMap<>();
    for (Iterator<SQLPlanMetric> all = last.metrics().iterator(); all.hasNext(); ) {
      SQLPlanMetric metric = all.next();
      values.get(metric.accumulatorId()).foreach(value -> shown.put(metric.name(), value));
    }

    return shown;
  }

  @Test
  void everyMetricIsShown() throws Exception {
    spark
        .sql(
            "SELECT /*+ COALESCE(1) */ try_generate_from_embeds("
                + "if(id = 7, array(1f, 2f, 3f), embeds)) FROM prompts")
        .collectAsList();

    Map<String, String> shown = shown();
    assertThat(shown)
        .containsEntry("number of output rows", "40")
        .containsEntry("failed rows", "1")
        .containsEntry("prompt tokens", "77")
        .containsEntry("generated tokens", "117")
        .containsEntry("queue time per row (ms)", "1")
        .containsEntry("prefill time per row (ms)", "2")
        .containsEntry("decode time per row (ms)", "3")
        .containsEntry("sequences per step", "3")
        .containsEntry("peak KV cache use (%)", "25")
        .containsKeys("time waiting for the model", "time waiting for results");
    assertThat(shown.get("tokens per second of a task")).matches("[0-9.]+");
  }

  @Test
  void tasksAreCompared() {
    TaskMeans means = new TaskMeans();

    assertThat(means.aggregateTaskMetrics(new long[] {0, 0})).isEqualTo("0");
    assertThat(means.aggregateTaskMetrics(new long[] {0, 2_500})).isEqualTo("2.5");
    assertThat(means.aggregateTaskMetrics(new long[] {12_345_678, 120, 1_234_560}))
        .isEqualTo("(min, med, max):\n(0.12, 1235, 12350)");
  }
}
