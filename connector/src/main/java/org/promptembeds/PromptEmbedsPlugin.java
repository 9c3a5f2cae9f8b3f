package org.promptembeds;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.Backends;
import org.promptembeds.executor.ExecutorStats;
import org.promptembeds.executor.RowTimes;

/**
 * Spark plugin that puts every executor's models into Spark's metrics system, under {@code
 * plugin.org.promptembeds.PromptEmbedsPlugin}: {@code --conf
 * spark.plugins=org.promptembeds.PromptEmbedsPlugin}.
 */
public final class PromptEmbedsPlugin implements SparkPlugin {
  @Override
  public @Nullable DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Gauges();
  }

  private static final class Gauges implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      MetricRegistry registry = context.metricRegistry();
      gauge(registry, "models", ExecutorStats::models);
      gauge(registry, "running", ExecutorStats::running);
      gauge(registry, "waiting", ExecutorStats::waiting);
      gauge(registry, "steps", ExecutorStats::steps);
      gauge(registry, "stepSequences", ExecutorStats::chunks);
      gauge(registry, "promptTokens", ExecutorStats::promptTokens);
      gauge(registry, "sharedTokens", ExecutorStats::sharedTokens);
      gauge(registry, "generatedTokens", ExecutorStats::generatedTokens);
      gauge(registry, "preemptions", ExecutorStats::preemptions);
      gauge(registry, "memoryFailures", ExecutorStats::memoryFailures);
      gauge(registry, "kvSlots", ExecutorStats::kvSlots);
      gauge(registry, "kvSlotsUsed", ExecutorStats::usedKvSlots);
      gauge(registry, "kvSlotsPeak", ExecutorStats::peakKvSlots);
      registry.registerAll(RowTimes.shared());
    }

    private static void gauge(
        MetricRegistry registry, String name, ToLongFunction<ExecutorStats> value) {
      Gauge<Long> gauge = () -> value.applyAsLong(Backends.shared().stats());
      registry.register(name, gauge);
    }
  }
}
