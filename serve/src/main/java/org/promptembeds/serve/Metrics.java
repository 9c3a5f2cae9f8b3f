package org.promptembeds.serve;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.promptembeds.engine.EngineStats;

/** What the server has done, as Prometheus reads it. Safe for use by many threads. */
final class Metrics {
  private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder completionTokens = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final AtomicInteger running = new AtomicInteger();

  /** Requests under way. */
  AtomicInteger running() {
    return running;
  }

  void answered(String route, int status) {
    requests
        .computeIfAbsent(
            "route=\"%s\",status=\"%d\"".formatted(route, status), key -> new LongAdder())
        .increment();
  }

  /** A client that left before its answer. */
  void cancelled() {
    cancelled.increment();
  }

  void generated(int prompt, int completion) {
    promptTokens.add(prompt);
    completionTokens.add(completion);
  }

  /** The text format, version 0.0.4. */
  String expose(EngineStats engine) {
    StringBuilder text = new StringBuilder();
    header(text, "prompt_embeds_requests_total", "counter", "Requests answered, by status.");
    requests.forEach(
        (labels, count) ->
            text.append("prompt_embeds_requests_total{%s} %d%n".formatted(labels, count.sum())));
    value(text, "prompt_embeds_requests_running", "gauge", "Requests under way.", running.get());
    value(
        text,
        "prompt_embeds_requests_cancelled_total",
        "counter",
        "Requests whose client left before the answer.",
        cancelled.sum());
    value(
        text,
        "prompt_embeds_sequences_running",
        "gauge",
        "Sequences in the KV cache.",
        engine.running());
    value(
        text,
        "prompt_embeds_sequences_waiting",
        "gauge",
        "Sequences that wait for room in the KV cache.",
        engine.waiting());
    value(
        text,
        "prompt_embeds_prompt_tokens_total",
        "counter",
        "Positions of answered prompts.",
        promptTokens.sum());
    value(
        text,
        "prompt_embeds_completion_tokens_total",
        "counter",
        "Tokens of answered completions.",
        completionTokens.sum());
    value(
        text,
        "prompt_embeds_engine_steps_total",
        "counter",
        "Forward passes of the model.",
        engine.steps());
    value(
        text,
        "prompt_embeds_engine_preemptions_total",
        "counter",
        "Times that a sequence lost its room in the KV cache.",
        engine.preemptions());
    value(
        text,
        "prompt_embeds_engine_generated_tokens_total",
        "counter",
        "Tokens chosen by the model, those of cancelled requests included.",
        engine.generatedTokens());
    return text.toString().replace("\r", "");
  }

  private static void value(StringBuilder text, String name, String type, String help, long value) {
    header(text, name, type, help);
    text.append(String.format(Locale.ROOT, "%s %d%n", name, value));
  }

  private static void header(StringBuilder text, String name, String type, String help) {
    text.append("# HELP %s %s%n# TYPE %s %s%n".formatted(name, help, name, type));
  }
}
