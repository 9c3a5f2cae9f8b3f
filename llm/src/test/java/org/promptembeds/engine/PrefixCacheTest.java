package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.BatchSettings.PREFIX_CACHING;

import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** The fake model's tokens depend on every slot, so that a wrong copy changes the output. */
class PrefixCacheTest {
  private static final SamplingParams THREE =
      SamplingParams.builder().maxTokens(3).ignoreEos(true).build();
  private static final Tensor BEGINNING = EngineFixture.prompt(200, 1_000_000);

  private EngineFixture fixture = fixture(1_000, ModelSettings.batching(8, 64));

  private static EngineFixture fixture(int kvSlots, ModelSettings options) {
    return new EngineFixture(new FakeModelRunner(EngineFixture.limits(1_000, kvSlots)), options);
  }

  private Sequence submit(int shared, int prefixLength, int length) {
    int number = fixture.submitted.size();
    Tensor prompt = EngineFixture.prompt(BEGINNING, shared, length, number);
    return fixture.submit(new GenerationRequest("row " + number, prompt, prefixLength, THREE));
  }

  private EngineStats run() {
    fixture.runToEnd(500);
    return fixture.loop.stats();
  }

  @AfterEach
  void everyRowGotItsOwnOutput() throws Exception {
    for (Sequence sequence : fixture.submitted) {
      assertThat(sequence.result().get().tokenIds())
          .isEqualTo(fixture.expected(sequence).tokenIds());
    }
  }

  @Test
  void aNamedPrefixIsComputedOnceHoweverShort() {
    IntStream.range(0, 30).forEach(i -> submit(5, 5, 9));
    EngineStats stats = run();
    assertThat(stats.sharedTokens()).isEqualTo(29 * 5);
    assertThat(stats.promptTokens()).isEqualTo(5 + 30 * 4);
  }

  /** Runs three rows that begin alike, the later ones with extras. */
  private long sharedWith(IntFunction<PromptExtras> extras) {
    ModelLimits plain = EngineFixture.limits(1_000, 1_000);
    fixture =
        new EngineFixture(
            new FakeModelRunner(
                new ModelLimits(
                    plain.hiddenSize(),
                    plain.vocabSize(),
                    1_000,
                    1_000,
                    new AcceptedExtras(true, true, 1, 0))),
            ModelSettings.batching(8, 64));
    for (int i = 0; i < 3; i++) {
      Tensor prompt = EngineFixture.prompt(BEGINNING, 90, 100, i);
      GenerationRequest request = new GenerationRequest("row " + i, prompt, 90, THREE);
      fixture.submit(i == 0 ? request : request.with(extras.apply(i)));
    }

    return run().sharedTokens();
  }

  private static PromptExtras at(IntUnaryOperator position) {
    int[] rows = IntStream.range(0, 100).map(position).toArray();
    return PromptExtras.NONE.withPositions(PromptPositions.of(new int[][] {rows, rows, rows}));
  }

  private static PromptExtras seeing(int start, int end) {
    return PromptExtras.NONE.withSpans(BidirectionalSpans.of(new int[][] {{start, end}}));
  }

  @Test
  void rowsAtOtherPositionsShareNothing() {
    assertThat(sharedWith(i -> at(row -> row / 2 + i))).isZero();
  }

  @Test
  void rowsAtTheSamePositionsShare() {
    assertThat(sharedWith(i -> at(row -> row / 2 + 1))).isEqualTo(90);
    assertThat(sharedWith(i -> at(row -> row))).isEqualTo(180);
  }

  @Test
  void whatIsSharedCutsNoSpan() {
    assertThat(sharedWith(i -> seeing(70, 95))).isEqualTo(2 * 70);
    assertThat(sharedWith(i -> seeing(20, 60))).isEqualTo(20 + 90);
    assertThat(sharedWith(i -> seeing(20, 60 + i))).isEqualTo(2 * 20);
  }

  @Test
  void aNamedPrefixStaysBetweenRows() {
    for (int i = 0; i < 4; i++) {
      submit(5, 5, 9);
      EngineStats stats = run();
      assertThat(stats.sharedTokens()).isEqualTo(5L * i);
      assertThat(stats.usedKvSlots()).isEqualTo(5);
    }
  }

  @Test
  void aPromptThatIsNothingButItsPrefixComputesItsLastPosition() {
    submit(5, 5, 5);
    submit(5, 5, 5);
    assertThat(run().promptTokens()).isEqualTo(5 + 1);
  }

  @Test
  void differentPrefixesDoNotMix() {
    for (int i = 0; i < 24; i++) {
      Tensor beginning = EngineFixture.prompt(6, 500 + i % 3);
      Tensor prompt = EngineFixture.prompt(beginning, 6, 8, i);
      fixture.submit(new GenerationRequest("row " + i, prompt, 6, THREE));
    }

    assertThat(run().sharedTokens()).isEqualTo(21 * 6);
  }

  @Test
  void rowsThatBeginAlikeShareWithoutBeingTold() {
    submit(40, 0, 50);
    assertThat(fixture.step()).isTrue();
    IntStream.range(0, 5).forEach(i -> submit(40, 0, 50));
    assertThat(run().sharedTokens()).isEqualTo(5 * 40);
    submit(40, 0, 50);
    assertThat(run().sharedTokens()).as("kept after its rows").isEqualTo(6 * 40);
  }

  @Test
  void rowsThatShareReadOnePlace() {
    IntStream.range(0, 6).forEach(i -> submit(40, 40, 50));
    run();
    assertThat(
            fixture.runner.plans().stream()
                .flatMap(plan -> plan.chunks().stream())
                .filter(chunk -> chunk.length() == 1)
                .map(SequenceChunk::shared))
        .hasSize(6 * 2)
        .allMatch(shared -> shared.capacity() >= 40)
        .extracting(KvRegion::start)
        .containsOnly(0);
  }

  @Test
  void aFewEqualPositionsAreNotWorthACopy() {
    submit(15, 0, 50);
    assertThat(fixture.step()).isTrue();
    submit(15, 0, 50);
    EngineStats stats = run();
    assertThat(stats.sharedTokens()).isZero();
    assertThat(stats.usedKvSlots()).isZero();
  }

  @Test
  void aLongBeginningIsAwaitedWhileItIsComputed() {
    IntStream.range(0, 4).forEach(i -> submit(150, 0, 160));
    EngineStats stats = run();
    assertThat(stats.sharedTokens()).isGreaterThanOrEqualTo(3 * (150 - 64));
    assertThat(stats.promptTokens() + stats.sharedTokens()).isEqualTo(4 * 160);
  }

  @Test
  void equalRowsShareAllButTheirLastPosition() {
    submit(100, 0, 100);
    fixture.runToEnd(500);
    fixture.submitted.clear();
    submit(100, 0, 100);
    assertThat(fixture.step()).isTrue();
    assertThat(fixture.step()).isTrue();
    submit(100, 0, 100);
    assertThat(run().sharedTokens()).isEqualTo(99);
  }

  @Test
  void aPrefixGivesWayWhereRoomIsNeeded() {
    fixture = fixture(60, ModelSettings.batching(8, 64));
    submit(30, 30, 35);
    assertThat(run().usedKvSlots()).isEqualTo(30);
    int large = fixture.submitted.size();
    fixture.submit(new GenerationRequest("large", EngineFixture.prompt(55, large), THREE));
    assertThat(run().usedKvSlots()).isZero();
  }

  @Test
  void keepsABoundedNumberOfPrefixes() {
    for (int i = 0; i < 40; i++) {
      Tensor prompt = EngineFixture.prompt(8, i);
      fixture.submit(new GenerationRequest("row " + i, prompt, 4, THREE));
      run();
    }

    assertThat(fixture.loop.stats().usedKvSlots()).isEqualTo(16 * 4);
  }

  @Test
  void rowsOfOtherTypesOrWidthsShareNothing() {
    submit(40, 0, 50);
    assertThat(fixture.step()).isTrue();
    Tensor half = EngineFixture.prompt(BEGINNING, 40, 50, 1).convert(DType.BFLOAT16);
    fixture.submit(new GenerationRequest("half", half, THREE));
    assertThat(run().sharedTokens()).isZero();
  }

  @Test
  void nothingIsSharedIfSwitchedOff() {
    fixture = fixture(1_000, ModelSettings.batching(8, 64).with(PREFIX_CACHING, false));
    IntStream.range(0, 3).forEach(i -> submit(40, 40, 50));
    assertThat(run().sharedTokens()).isZero();
  }
}
