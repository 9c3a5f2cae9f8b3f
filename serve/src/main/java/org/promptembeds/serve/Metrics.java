package org.promptembeds.serve;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.promptembeds.engine.EngineStats;

/** What the server has done, as Prometheus reads it. Safe for use by many threads. */
final class Metrics {
  /** What all names begin with. */
  static final String PREFIX = "prompt_embeds_";

  /** What {@link #expose} writes. */
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AtomicInteger running = new AtomicInteger();
  private final OutputMetrics outputs = new OutputMetrics(registry);
  private final Histogram latency = OutputMetrics.requests(registry);
  private final Counter requests;
  private final Counter promptTokens = counter("prompt_tokens", "Positions of answered prompts.");
  private final Counter completionTokens =
      counter("completion_tokens", "Tokens of answered completions.");
  private final Counter cancelled =
      counter("requests_cancelled", "Requests whose client left before the answer.");

  Metrics(Supplier<EngineStats> engine) {
    requests =
        Counter.builder()
            .name(PREFIX + "requests")
            .help("Requests answered, by status.")
            .labelNames("route", "status")
            .register(registry);
    GaugeWithCallback.builder()
        .name(PREFIX + "requests_running")
        .help("Requests under way.")
        .callback(gauge -> gauge.call(running.get()))
        .register(registry);
    registry.register(new EngineMetrics(engine));
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name(PREFIX + name).help(help).register(registry);
  }

  /** Requests under way. */
  AtomicInteger running() {
    return running;
  }

  /** Those of single outputs. */
  OutputMetrics outputs() {
    return outputs;
  }

  void answered(String route, int status) {
    requests.labelValues(route, "" + status).inc();
  }

  /** A request that was generated for, from its head to the end of the answer. */
  void generated(long nanos) {
    latency.observe(OutputMetrics.seconds(nanos));
  }

  /** A client that left before its answer. */
  void cancelled() {
    cancelled.inc();
  }

  void generated(int prompt, int completion) {
    promptTokens.inc(prompt);
    completionTokens.inc(completion);
  }

  /** The text format, version 0.0.4. */
  String expose() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    return bytes.toString(StandardCharsets.UTF_8);
  }
}
