package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationTimings;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;

class EngineStatsTest {
  private final FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(1000, 100));
  private final AtomicLong clock = new AtomicLong();
  private final EngineLoop loop =
      new EngineLoop(runner, ModelSettings.batching(4, 8), clock::getAndIncrement);

  private Sequence submit(int promptLength, int maxTokens) {
    SamplingParams params =
        SamplingParams.builder().maxTokens(maxTokens).minTokens(maxTokens).build();
    CheckedRequest request =
        CheckedRequest.of(
            new GenerationRequest("row", EngineFixture.prompt(promptLength, 1), params),
            runner.limits(),
            runner.inputType(),
            EngineFixture.ROW_LIMITS,
            null);
    Sequence sequence =
        new Sequence(
            request,
            CheckedRequest.maxLength(runner.limits()),
            new StopRule(params, Set.of(EngineFixture.EOS), null));
    loop.add(List.of(sequence));
    return sequence;
  }

  @Test
  void aResultTellsWhereItsTimeWent() {
    // Every look at the clock is a tick: one at submission, three a step: planned, submitted,
    // ended.
    Sequence sequence = submit(12, 3);
    while (loop.step()) {}

    assertThat(sequence.result().join().timings()).isEqualTo(new GenerationTimings(1, 5, 6));
    EngineStats stats = loop.published();
    assertThat(stats.queueNanos()).isEqualTo(1);
    assertThat(stats.prefillNanos()).isEqualTo(5);
    assertThat(stats.decodeNanos()).isEqualTo(6);
    assertThat(stats.runnerNanos()).as("submitted to ended").isEqualTo(4);
    assertThat(stats.idleNanos()).as("planned, or ended before, to submitted").isEqualTo(1 + 3 * 2);
    assertThat(stats.idleShare()).isEqualTo(7 / 11.0);
  }

  @Test
  void whoeverHasAResultFindsItsStepsCounted() {
    Sequence first = submit(4, 2);
    submit(3, 20);
    var seen = first.result().thenApply(result -> loop.published());
    while (loop.step()) {}

    EngineStats stats = seen.join();
    assertThat(stats.steps()).isEqualTo(2);
    assertThat(stats.chunks()).isEqualTo(4);
    assertThat(stats.generatedTokens()).isEqualTo(4);
    assertThat(stats.kvSlots()).isEqualTo(100);
    assertThat(stats.stepKvSlots()).isEqualTo(5 + 22);
    assertThat(stats.usedKvSlots()).isEqualTo(22);
    assertThat(loop.published().peakKvSlots()).isEqualTo(27);
    assertThat(loop.stats().usedKvSlots()).isZero();
  }
}
