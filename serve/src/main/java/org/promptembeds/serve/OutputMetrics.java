package org.promptembeds.serve;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;

/** How long outputs take and how large they are, as histograms. Safe for use by many threads. */
final class OutputMetrics {
  /** Of what a step of the model takes, in seconds. */
  private static final double[] STEP_SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5
  };

  /** Of what a request takes, in seconds. */
  private static final double[] REQUEST_SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 240, 480, 960
  };

  private static final double[] TOKENS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000
  };

  private final Histogram firstToken;
  private final Histogram interToken;
  private final Histogram perToken;
  private final Histogram queue;
  private final Histogram prefill;
  private final Histogram decode;
  private final Histogram promptTokens;
  private final Histogram generationTokens;
  private final Counter finished;

  OutputMetrics(PrometheusRegistry registry) {
    firstToken =
        histogram(
            registry,
            "time_to_first_token_seconds",
            "From a request's head to the first token of an output.",
            REQUEST_SECONDS);
    interToken =
        histogram(
            registry,
            "inter_token_latency_seconds",
            "Between two tokens of an output.",
            STEP_SECONDS);
    perToken =
        histogram(
            registry,
            "request_time_per_output_token_seconds",
            "Between two tokens of an output, the mean of an output.",
            STEP_SECONDS);
    queue =
        histogram(
            registry,
            "request_queue_time_seconds",
            "From an output's submission to its first step.",
            REQUEST_SECONDS);
    prefill =
        histogram(
            registry,
            "request_prefill_time_seconds",
            "From an output's first step to its first token.",
            REQUEST_SECONDS);
    decode =
        histogram(
            registry,
            "request_decode_time_seconds",
            "From an output's first token to its last.",
            REQUEST_SECONDS);
    promptTokens =
        histogram(registry, "request_prompt_tokens", "Positions of an output's prompt.", TOKENS);
    generationTokens =
        histogram(registry, "request_generation_tokens", "Tokens of an output.", TOKENS);
    finished =
        Counter.builder()
            .name(Metrics.PREFIX + "request_success")
            .help("Outputs that came to their end, by the reason.")
            .labelNames("finished_reason")
            .register(registry);
    for (FinishReason reason : FinishReason.values()) {
      finished.initLabelValues(label(reason));
    }
  }

  private static Histogram histogram(
      PrometheusRegistry registry, String name, String help, double[] bounds) {
    return Histogram.builder()
        .name(Metrics.PREFIX + name)
        .help(help)
        .classicOnly()
        .classicUpperBounds(bounds)
        .register(registry);
  }

  /** The histogram of whole requests, which is theirs who answer them. */
  static Histogram requests(PrometheusRegistry registry) {
    return histogram(
        registry,
        "e2e_request_latency_seconds",
        "From a request's head to the end of its answer, of those that were answered.",
        REQUEST_SECONDS);
  }

  private static String label(FinishReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  void firstToken(long nanos) {
    firstToken.observe(seconds(nanos));
  }

  void nextToken(long nanos) {
    interToken.observe(seconds(nanos));
  }

  void finished(GenerationResult result) {
    finished.labelValues(label(result.finishReason())).inc();
    promptTokens.observe(result.promptTokens());
    generationTokens.observe(result.completionTokens());
    GenerationTimings timings = result.timings();
    if (timings == null) {
      return;
    }

    queue.observe(seconds(timings.queueNanos()));
    prefill.observe(seconds(timings.prefillNanos()));
    decode.observe(seconds(timings.decodeNanos()));
    if (result.completionTokens() > 1) {
      perToken.observe(seconds(timings.decodeNanos()) / (result.completionTokens() - 1));
    }
  }

  static double seconds(long nanos) {
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }
}
