package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;

/** What the engine hands the model to change a row's logits by. */
class TokenPenaltiesTest {
  private static final SamplingParams PLAIN =
      SamplingParams.builder().maxTokens(70).ignoreEos(true).build();
  private static final SamplingParams PENALISED =
      SamplingParams.builder()
          .maxTokens(70)
          .ignoreEos(true)
          .presencePenalty(-1)
          .frequencyPenalty(0.25)
          .repetitionPenalty(1.25)
          .build();

  private static EngineFixture fixture(int kvSlots) {
    return new EngineFixture(
        new FakeModelRunner(EngineFixture.limits(10_000, kvSlots)), ModelSettings.batching(4, 64));
  }

  /** How often each of the first {@code length} tokens occurs among them. */
  private static Map<Integer, Integer> counts(int[] tokenIds, int length) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    Arrays.stream(tokenIds, 0, length).forEach(id -> counts.merge(id, 1, Integer::sum));
    return counts;
  }

  private static void assertEveryStepHasTheCounts(EngineFixture fixture, Sequence sequence) {
    int steps = 0;
    for (StepPlan plan : fixture.runner.plans()) {
      for (SequenceChunk chunk : plan.chunks()) {
        TokenSampling sampling = chunk.sampling();
        if (sampling != null && chunk.embeds() == embeds(fixture, sequence)) {
          TokenPenalties penalties = sampling.penalties();
          Map<Integer, Integer> actual = new LinkedHashMap<>();
          for (int i = 0; i < penalties.tokenIds().length; i++) {
            actual.put(penalties.tokenIds()[i], penalties.counts()[i]);
          }

          assertThat(actual)
              .isEqualTo(counts(sequence.outputTokenIds(), chunk.end() - chunk.promptLength()));
          assertThat(penalties.tokenIds()).hasSize(actual.size());
          assertThat(penalties.repetition()).isEqualTo(1.25);
          assertThat(penalties.frequency()).isEqualTo(0.25);
          assertThat(penalties.presence()).isEqualTo(-1);
          steps++;
        }
      }
    }

    assertThat(steps).isEqualTo(sequence.outputLength());
  }

  private static Object embeds(EngineFixture fixture, Sequence sequence) {
    return Objects.requireNonNull(fixture.requests.get(sequence)).embeds();
  }

  @Test
  void everyStepHasTheCountsOfTheOutputSoFar() {
    EngineFixture fixture = fixture(1000);
    Sequence sequence = fixture.submit(5, PENALISED);
    fixture.runToEnd(100);

    assertEveryStepHasTheCounts(fixture, sequence);
    assertThat(counts(sequence.outputTokenIds(), 70)).containsValue(2);
  }

  @Test
  void rowsWithoutPenaltiesHandOverNothing() {
    EngineFixture fixture = fixture(1000);
    fixture.submit(5, PLAIN);
    fixture.submit(5, PENALISED);
    fixture.runToEnd(100);

    for (StepPlan plan : fixture.runner.plans()) {
      TokenSampling plain = Objects.requireNonNull(plan.chunks().get(0).sampling());
      assertThat(plain.penalties()).isSameAs(TokenPenalties.NONE);
    }
  }

  @Test
  void aPreemptedRowGoesOnWithItsCounts() throws Exception {
    EngineFixture fixture = fixture(100);
    fixture.expectShortOutputs();
    List<Sequence> sequences =
        List.of(fixture.submit(20, PENALISED), fixture.submit(20, PENALISED));
    fixture.runToEnd(300);

    assertThat(fixture.loop.stats().preemptions()).isEqualTo(1);
    for (Sequence sequence : sequences) {
      assertThat(sequence.result().get().tokenIds())
          .isEqualTo(fixture.expected(sequence).tokenIds());
      assertEveryStepHasTheCounts(fixture, sequence);
    }
  }

  @Test
  void everyStepHasTheBiasOfTheRow() {
    EngineFixture fixture = fixture(1000);
    fixture.submit(5, SamplingParams.builder().logitBias(Map.of(9, -100.0, 4, 2.5)).build());
    fixture.runToEnd(300);

    for (StepPlan plan : fixture.runner.plans()) {
      TokenBias bias = Objects.requireNonNull(plan.chunks().get(0).sampling()).bias();
      assertThat(bias.tokenIds()).containsExactly(4, 9);
      assertThat(bias.values()).containsExactly(2.5, -100);
    }
  }

  @Test
  void everyTokenNeedsACount() {
    assertThatThrownBy(() -> new TokenPenalties(1, 0, 0, new int[2], new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 token ids need as many counts, got 1");
  }
}
