package org.promptembeds;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.TestSpark;

/** What Spark's metrics system has of the executor. */
class PromptEmbedsPluginTest {
  private static MetricRegistry registry() {
    Source source =
        SparkEnv.get()
            .metricsSystem()
            .getSourcesByName("plugin." + PromptEmbedsPlugin.class.getName())
            .head();
    return source.metricRegistry();
  }

  private static Map<String, Long> gauges() {
    Map<String, Long> values = new TreeMap<>();
    registry().getGauges().forEach((name, gauge) -> values.put(name, value(gauge)));
    return values;
  }

  private static Long value(Gauge<?> gauge) {
    return (Long) gauge.getValue();
  }

  @Test
  void gaugesFollowTheModels() {
    var spark = TestSpark.session();
    spark.sql("SELECT generate_from_embeds(embeds) FROM prompts WHERE id < 5").collectAsList();
    Map<String, Long> before = gauges();
    spark.sql("SELECT generate_from_embeds(embeds) FROM prompts WHERE id < 5").collectAsList();
    Map<String, Long> after = gauges();

    assertThat(after.keySet())
        .containsExactlyInAnyOrder(
            "models",
            "running",
            "waiting",
            "steps",
            "stepSequences",
            "promptTokens",
            "sharedTokens",
            "generatedTokens",
            "preemptions",
            "memoryFailures",
            "kvSlots",
            "kvSlotsUsed",
            "kvSlotsPeak");
    assertThat(registry().getHistograms().keySet())
        .containsExactlyInAnyOrder(
            "queueMicros",
            "prefillMicros",
            "decodeMicros",
            "timeToFirstTokenMicros",
            "timePerTokenMicros",
            "rowMicros");
    assertThat(after.getOrDefault("models", 0L)).isPositive();
    assertThat(after)
        .containsEntry("steps", before.getOrDefault("steps", 0L) + 5)
        .containsEntry("stepSequences", before.getOrDefault("stepSequences", 0L) + 15);
  }
}
