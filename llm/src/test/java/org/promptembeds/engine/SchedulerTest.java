package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;

class SchedulerTest {

  private static SamplingParams exactly(int tokens) {
    return SamplingParams.builder().maxTokens(tokens).ignoreEos(true).build();
  }

  private static EngineFixture fixture(int kvSlots, int maxSequences, int maxStepTokens) {
    return new EngineFixture(
        new FakeModelRunner(EngineFixture.limits(10_000, kvSlots)),
        ModelSettings.batching(maxSequences, maxStepTokens));
  }

  private static List<Integer> lengths(StepPlan plan) {
    return plan.chunks().stream().map(SequenceChunk::length).toList();
  }

  @Test
  void decodesFirstAndFillsTheBudgetWithChunksOfPrompts() {
    EngineFixture fixture = fixture(1000, 4, 8);
    fixture.submit(4, exactly(5));
    fixture.submit(20, exactly(2));
    fixture.submit(3, exactly(2));
    fixture.runToEnd(20);

    List<StepPlan> plans = fixture.runner.plans();
    assertThat(plans.stream().map(SchedulerTest::lengths))
        .containsExactly(
            List.of(4, 4), List.of(1, 7), List.of(1, 7), List.of(1, 2, 3), List.of(1, 1, 1));
    SequenceChunk part = plans.get(1).chunks().get(1);
    assertThat(part.sampling()).isNull();
    assertThat(part.start()).isEqualTo(4);
    assertThat(part.inputTokenIds()).isEmpty();
    SequenceChunk decode = plans.get(1).chunks().get(0);
    assertThat(decode.sampling()).isNotNull();
    assertThat(decode.inputTokenIds())
        .containsExactly(fixture.submitted.get(0).outputTokenIds()[0]);
    assertThat(fixture.loop.stats())
        .satisfies(
            stats -> {
              assertThat(stats.promptTokens()).isEqualTo(27);
              assertThat(stats.generatedTokens()).isEqualTo(9);
              assertThat(stats.steps()).isEqualTo(5);
              assertThat(stats.meanBatchSize()).isEqualTo(12 / 5.0);
            });
  }

  @Test
  void reservesForTheOutputToExpectNotForMaxTokens() {
    EngineFixture fixture = fixture(2000, 4, 64);
    fixture.submit(10, exactly(1000));
    fixture.submit(10, exactly(1000));
    assertThat(fixture.step()).isTrue();
    assertThat(fixture.loop.stats().running()).isEqualTo(2);
    assertThat(fixture.loop.stats().peakKvSlots()).isEqualTo(2 * (10 + 64));
  }

  @Test
  void preemptsTheYoungestOnceAndComputesItAgain() throws Exception {
    EngineFixture fixture = fixture(100, 4, 64);
    fixture.expectShortOutputs();
    Sequence older = fixture.submit(20, exactly(70));
    Sequence younger = fixture.submit(20, exactly(70));
    fixture.runToEnd(200);

    EngineStats stats = fixture.loop.stats();
    assertThat(stats.preemptions()).isEqualTo(1);
    assertThat(stats.recomputedTokens()).isBetween(20L, 89L);
    for (Sequence sequence : List.of(older, younger)) {
      assertThat(sequence.result().get().tokenIds())
          .isEqualTo(fixture.expected(sequence).tokenIds());
    }

    List<StepPlan> plans = fixture.runner.plans();
    List<StepPlan> alone = plans.stream().filter(plan -> plan.chunks().size() == 1).toList();
    assertThat(alone).isNotEmpty();
    assertThat(plans.stream().flatMap(plan -> plan.chunks().stream()))
        .as("a chunk that begins in the prompt and ends in the output")
        .anyMatch(chunk -> chunk.promptPositions() == 20 && chunk.inputTokenIds().length > 0);
  }

  @Test
  void endsASequenceThatFillsTheArena() throws Exception {
    EngineFixture fixture = fixture(32, 4, 64);
    Sequence sequence = fixture.submit(20, exactly(500));
    fixture.runToEnd(50);
    assertThat(sequence.result().get().completionTokens()).isEqualTo(12);
    assertThat(sequence.result().get().finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void keepsSequencesAsTheyWereWhenAStepIsAborted() {
    KvArena arena = new KvArena(500);
    Scheduler scheduler =
        new Scheduler(arena, new PrefixCache(arena, true), 4, 0, false, new EngineCounters());
    EngineFixture requests = fixture(500, 4, 64);
    Sequence first = requests.submit(5, exactly(9));
    Sequence second = requests.submit(50, exactly(9));
    scheduler.add(first, 0);
    scheduler.add(second, 0);

    for (int i = 0; i < 3; i++) {
      ScheduledStep plan = scheduler.plan(16, 0, false);
      if (plan == null) {
        throw new AssertionError("nothing planned");
      }

      assertThat(plan.sequences()).containsExactly(first, second);
      assertThat(lengths(plan.plan())).containsExactly(5, 11);
      scheduler.abort(plan);
      scheduler.checkInvariants();
      assertThat(arena.freeSlots()).isEqualTo(500);
      assertThat(scheduler.waitingCount()).isEqualTo(2);
      assertThat(first.state()).isEqualTo(Sequence.State.WAITING);
      assertThat(first.outputLength() + first.computed()).isZero();
    }
  }

  @Test
  void freesTheSlotsOfARemovedSequenceAtOnce() {
    EngineFixture fixture = fixture(100, 4, 64);
    Sequence large = fixture.submit(90, exactly(9));
    Sequence next = fixture.submit(80, exactly(9));
    assertThat(fixture.step()).isTrue();
    assertThat(fixture.step()).isTrue();
    assertThat(next.state()).isEqualTo(Sequence.State.WAITING);
    fixture.loop.cancel(large);
    fixture.loop.cancel(large);
    assertThat(fixture.step()).isTrue();
    assertThat(next.state()).isEqualTo(Sequence.State.RUNNING);
    assertThat(large.result()).isCancelled();
  }

  @Test
  void servesDecodesInTurnsWhileTheDeviceIsShortOfMemory() {
    EngineFixture fixture = fixture(1000, 5, 16);
    for (int i = 0; i < 5; i++) {
      fixture.submit(2, exactly(40));
    }

    assertThat(fixture.step()).isTrue();
    fixture.runner.limitSteps(3);
    for (int i = 0; i < 60; i++) {
      assertThat(fixture.step()).isTrue();
      assertThat(fixture.submitted.stream().mapToInt(Sequence::outputLength).max().orElse(0))
          .isLessThanOrEqualTo(
              fixture.submitted.stream().mapToInt(Sequence::outputLength).min().orElse(0) + 1);
    }

    fixture.runToEnd(200);
    assertThat(fixture.submitted).allMatch(s -> s.outputLength() == 40);
    assertThat(fixture.loop.stats().memoryFailures()).isBetween(1L, 5L);
  }

  @Test
  void failsTheRowThatNoStepIsSmallEnoughFor() {
    EngineFixture fixture = fixture(1000, 4, 64);
    fixture.runner.limitSteps(0);
    for (int i = 0; i < 6; i++) {
      fixture.submit(30, exactly(5));
    }

    fixture.runToEnd(20);
    assertThat(fixture.runner.attempts()).isEqualTo(6 + 6);
    for (Sequence sequence : fixture.submitted) {
      assertThatThrownBy(() -> sequence.result().get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("row '" + sequence.row() + "': the device has too")
          .hasCauseInstanceOf(DeviceMemoryException.class);
    }
  }
}
