package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.BatchSettings.PREFIX_CACHING;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Several outputs of one prompt, on a model whose tokens depend on all that its memory holds. */
class SiblingsTest {
  private static SamplingParams.Builder sampled(int n, int tokens) {
    return SamplingParams.builder()
        .set(SearchParameters.N, n)
        .temperature(1)
        .seed(7L)
        .maxTokens(tokens)
        .ignoreEos(true);
  }

  private static EngineFixture fixture(boolean recurrent, int kvSlots, ModelSettings options) {
    FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(1_000, kvSlots)).withDepth(2);
    return new EngineFixture(recurrent ? runner.withRecurrentState() : runner, options);
  }

  private static GenerationRequest request(int promptLength, SamplingParams params) {
    return new GenerationRequest("row", EngineFixture.prompt(promptLength, 1), params);
  }

  private static void assertOutputs(EngineFixture fixture) {
    assertThat(fixture.submitted)
        .allSatisfy(
            sequence ->
                assertThat(sequence.result().join().tokenIds())
                    .isEqualTo(fixture.expected(sequence).tokenIds()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thePromptIsComputedOnce(boolean recurrent) {
    EngineFixture fixture = fixture(recurrent, 1_000, ModelSettings.batching(8, 64));
    fixture.submitAll(request(50, sampled(5, 6).build()));
    fixture.runToEnd(50);

    EngineStats stats = fixture.loop.stats();
    assertThat(stats.promptTokens()).as("the last position is each one's own").isEqualTo(50 + 4);
    assertThat(stats.sharedTokens()).isEqualTo(4 * 49);
    assertOutputs(fixture);
    assertThat(fixture.submitted.stream().map(s -> List.of(s.outputTokenIds())).distinct())
        .hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPromptOfSeveralStepsIsComputedOnce(boolean recurrent) {
    EngineFixture fixture = fixture(recurrent, 2_000, ModelSettings.batching(8, 64));
    fixture.submitAll(request(200, sampled(8, 3).build()));
    fixture.runToEnd(50);

    assertThat(fixture.loop.stats().promptTokens()).isEqualTo(200 + 7);
    assertOutputs(fixture);
  }

  @Test
  void whoRunsLaterTakesOverFromWhoStillDoes() {
    EngineFixture fixture = fixture(false, 1_000, ModelSettings.batching(3, 64));
    fixture.submitAll(request(50, sampled(3, 40).build()));
    fixture.submit(request(5, sampled(1, 2).build()));
    fixture.submitAll(request(30, sampled(6, 9).build()));
    fixture.runToEnd(200);

    assertThat(fixture.loop.stats().promptTokens()).isEqualTo(50 + 2 + 5 + 30 + 5);
    assertOutputs(fixture);
  }

  @Test
  void theyShareThoughRowsThatBeginAlikeDoNot() {
    EngineFixture fixture =
        fixture(false, 1_000, ModelSettings.batching(8, 64).with(PREFIX_CACHING, false));
    fixture.submitAll(request(50, sampled(2, 4).build()));
    fixture.submitAll(request(50, sampled(2, 4).build()));
    fixture.runToEnd(50);

    assertThat(fixture.loop.stats().promptTokens()).isEqualTo(2 * (50 + 1));
    assertOutputs(fixture);
  }

  @Test
  void noSpanIsCutWhereTheyPart() {
    EngineFixture fixture = fixture(false, 1_000, ModelSettings.batching(8, 64));
    PromptExtras spans = PromptExtras.NONE.withSpans(BidirectionalSpans.of(new int[][] {{35, 50}}));
    fixture.submitAll(request(50, sampled(3, 4).build()).with(spans));
    fixture.runToEnd(50);

    assertThat(fixture.loop.stats().promptTokens()).isEqualTo(50 + 2 * 15);
    assertOutputs(fixture);
  }

  @Test
  void aPromptOfOnePositionIsEachOnesOwn() {
    EngineFixture fixture = fixture(true, 1_000, ModelSettings.batching(8, 64));
    fixture.submitAll(request(1, sampled(4, 5).build()));
    fixture.runToEnd(50);

    assertThat(fixture.loop.stats().promptTokens()).isEqualTo(4);
    assertOutputs(fixture);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstMayBeGivenUpAtAnyTime(boolean recurrent) {
    for (int steps = 0; steps < 7; steps++) {
      EngineFixture fixture = fixture(recurrent, 1_000, ModelSettings.batching(8, 16));
      List<Sequence> row = fixture.submitAll(request(50, sampled(3, 4).build()));
      IntStream.range(0, steps).forEach(i -> fixture.step());
      fixture.loop.cancel(row.get(0));
      fixture.runToEnd(50);

      assertThat(row.get(0).result().isCancelled()).as("after %d steps", steps).isTrue();
      fixture.submitted.remove(0);
      assertOutputs(fixture);
    }
  }

  @Test
  void rowsOfOneOutputEachAreTheSame() {
    SamplingParams several = sampled(4, 12).build();
    EngineFixture together = fixture(false, 1_000, ModelSettings.batching(8, 64));
    List<Sequence> row = together.submitAll(request(9, several));
    together.runToEnd(50);

    EngineFixture alone = fixture(false, 1_000, ModelSettings.batching(8, 64));
    List<GenerationRequest> ones = request(9, several).ofOneOutput();
    for (int i = 0; i < ones.size(); i++) {
      Sequence sequence = alone.submit(ones.get(i));
      alone.runToEnd(50);
      assertThat(sequence.outputTokenIds()).isEqualTo(row.get(i).outputTokenIds());
    }

    assertThat(request(9, several).ofOneOutput())
        .extracting(one -> one.params().seed())
        .containsExactly(7L, 8L, 9L, 10L);
  }
}
