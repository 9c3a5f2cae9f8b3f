package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

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

  @Test
  void rowsWithoutPenaltiesHandOverNothing() {
    EngineFixture fixture = fixture(1000);
    fixture.submit(5, PLAIN);
    fixture.submit(5, PENALISED);
    fixture.runToEnd(100);

    for (StepPlan plan : fixture.runner.plans()) {
      TokenSampling plain = Objects.requireNonNull(plan.chunks().get(0).sampling());
      TokenSampling penalised = Objects.requireNonNull(plan.chunks().get(1).sampling());
      assertThat(plain.isPlain()).isTrue();
      assertThat(penalised.penalties()).isEqualTo(new TokenPenalties(1.25, 0.25, -1));
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
    }
  }

  /** Rows that begin as others do, whose tokens are known or not, are moved and computed again. */
  @Test
  void tokensOfPromptsCountForRepetition() {
    Tensor beginning = EngineFixture.prompt(60, 5);
    long preemptions = 0;
    long shared = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      EngineFixture fixture = fixture(140 + random.nextInt(40));
      fixture.expectShortOutputs();
      for (int row = 0; row < 6; row++) {
        int length = 20 + random.nextInt(30);
        int[] ids = IntStream.range(0, length).map(i -> i % 9 - 1).toArray();
        PromptTokens tokens = row % 3 == 0 ? PromptTokens.NONE : PromptTokens.of(ids);
        fixture.submit(
            new GenerationRequest(
                    "row " + row, EngineFixture.prompt(beginning, 18, length, row), PENALISED)
                .with(PromptExtras.NONE.withTokens(tokens)));
      }

      fixture.runToEnd(5_000);
      for (Sequence sequence : fixture.submitted) {
        assertThat(sequence.result().join().tokenIds())
            .isEqualTo(fixture.expected(sequence).tokenIds());
      }

      preemptions += fixture.loop.stats().preemptions();
      shared += fixture.loop.stats().sharedTokens();
    }

    assertThat(preemptions).as("pre-emptions").isGreaterThan(20);
    assertThat(shared).as("shared positions").isGreaterThan(1_000);
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
}
