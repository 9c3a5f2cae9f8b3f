package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;

/** Histograms of outputs, on a clock that is wound by hand. */
class OutputMetricsTest {
  private static final EngineStats NOTHING =
      new EngineStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final Metrics metrics = new Metrics(() -> NOTHING);
  private long now;

  private Map<String, Double> values() {
    return new MetricsText(metrics.expose()).values();
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static GenerationDelta tokens(int count) {
    return new GenerationDelta("", new int[count], List.of());
  }

  private static GenerationResult result(int tokens) {
    return new GenerationResult("", new int[tokens], FinishReason.LENGTH, 7, List.of());
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void tokensAreTimedFromTheRequestOnAndFromOneToTheNext() {
    TokenClock clock = new TokenClock(metrics.outputs(), () -> now, 0);
    pass(200);
    clock.generated(tokens(1));
    pass(6);
    clock.generated(tokens(1));
    pass(40);
    clock.finished(result(3));

    assertThat(values())
        .containsEntry("prompt_embeds_time_to_first_token_seconds_count", 1.0)
        .containsEntry("prompt_embeds_time_to_first_token_seconds_sum", 0.2)
        .containsEntry("prompt_embeds_time_to_first_token_seconds_bucket{le=\"0.1\"}", 0.0)
        .containsEntry("prompt_embeds_time_to_first_token_seconds_bucket{le=\"0.25\"}", 1.0)
        .containsEntry("prompt_embeds_inter_token_latency_seconds_count", 2.0)
        .containsEntry("prompt_embeds_inter_token_latency_seconds_sum", 0.046)
        .containsEntry("prompt_embeds_inter_token_latency_seconds_bucket{le=\"0.01\"}", 1.0)
        .containsEntry("prompt_embeds_request_success_total{finished_reason=\"length\"}", 1.0)
        .containsEntry("prompt_embeds_request_success_total{finished_reason=\"stop\"}", 0.0)
        .containsEntry("prompt_embeds_request_prompt_tokens_sum", 7.0)
        .containsEntry("prompt_embeds_request_generation_tokens_sum", 3.0);
  }

  @Test
  void anOutputThatNobodyWasToldOfHasItsFirstTokenAtTheEnd() {
    TokenClock clock = new TokenClock(metrics.outputs(), () -> now, 0);
    pass(30);
    clock.finished(result(1));
    new TokenClock(metrics.outputs(), () -> now, 0).finished(result(0));

    assertThat(values())
        .containsEntry("prompt_embeds_time_to_first_token_seconds_count", 1.0)
        .containsEntry("prompt_embeds_time_to_first_token_seconds_sum", 0.03)
        .containsEntry("prompt_embeds_inter_token_latency_seconds_count", 0.0)
        .containsEntry("prompt_embeds_request_generation_tokens_count", 2.0);
  }

  @Test
  void timesOfTheEngineAreTakenAsItTellsThem() {
    metrics
        .outputs()
        .finished(result(5).withTimings(new GenerationTimings(nanos(20), nanos(300), nanos(80))));
    metrics.outputs().finished(result(5));

    assertThat(values())
        .containsEntry("prompt_embeds_request_queue_time_seconds_sum", 0.02)
        .containsEntry("prompt_embeds_request_prefill_time_seconds_sum", 0.3)
        .containsEntry("prompt_embeds_request_decode_time_seconds_sum", 0.08)
        .containsEntry("prompt_embeds_request_decode_time_seconds_count", 1.0)
        .containsEntry("prompt_embeds_request_time_per_output_token_seconds_sum", 0.02);
  }
}
