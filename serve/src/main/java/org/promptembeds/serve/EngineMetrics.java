package org.promptembeds.serve;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;
import org.promptembeds.engine.EngineStats;

/** What the engine has done and does, all of it as of one of its steps. */
final class EngineMetrics implements MultiCollector {
  private final Supplier<EngineStats> stats;

  EngineMetrics(Supplier<EngineStats> stats) {
    this.stats = stats;
  }

  @Override
  public MetricSnapshots collect() {
    EngineStats now = stats.get();
    double used = now.kvSlots() == 0 ? 0 : (double) now.usedKvSlots() / now.kvSlots();
    long positions = now.promptTokens() + now.sharedTokens();
    return MetricSnapshots.of(
        gauge("sequences_running", "Sequences in the KV cache.", now.running()),
        gauge("sequences_waiting", "Sequences that wait for room in the KV cache.", now.waiting()),
        gauge("kv_cache_slots", "Positions that the KV cache has room for.", now.kvSlots()),
        gauge("kv_cache_slots_used", "Positions that sequences hold.", now.usedKvSlots()),
        gauge("kv_cache_usage_ratio", "Part of the KV cache that sequences hold, 0 to 1.", used),
        counter("engine_steps", "Forward passes of the model.", now.steps()),
        counter(
            "engine_preemptions",
            "Times that a sequence lost its room in the KV cache.",
            now.preemptions()),
        counter(
            "engine_memory_failures",
            "Steps that the device had no memory for.",
            now.memoryFailures()),
        counter(
            "engine_generated_tokens",
            "Tokens chosen by the model, those of cancelled requests included.",
            now.generatedTokens()),
        counter(
            "prefix_cache_queries",
            "Positions of prompts that were looked for in the KV cache, or computed.",
            positions),
        counter(
            "prefix_cache_hits",
            "Positions of prompts whose keys and values were taken over.",
            now.sharedTokens()));
  }

  private static MetricSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(Metrics.PREFIX + name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static MetricSnapshot counter(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name(Metrics.PREFIX + name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value((double) value).build())
        .build();
  }
}
