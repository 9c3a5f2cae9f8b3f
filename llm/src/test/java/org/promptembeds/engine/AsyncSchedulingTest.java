package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/** Steps submitted before the tokens of the one under way are known. */
class AsyncSchedulingTest {
  private static final TokenDecoder LETTERS =
      ids ->
          Arrays.stream(ids)
              .mapToObj(id -> "" + (char) ('a' + id % 7))
              .collect(Collectors.joining());

  private static SamplingParams.Builder exactly(int tokens) {
    return SamplingParams.builder().maxTokens(tokens).ignoreEos(true);
  }

  private static FakeModelRunner runner(int kvSlots) {
    return new FakeModelRunner(EngineFixture.limits(1_000, kvSlots)).withDepth(2);
  }

  private static EngineFixture fixture(FakeModelRunner runner) {
    return new EngineFixture(runner, ModelSettings.batching(8, 64));
  }

  private static void assertOutputs(EngineFixture fixture) {
    assertThat(fixture.submitted)
        .allSatisfy(
            sequence ->
                assertThat(sequence.result().join().tokenIds())
                    .isEqualTo(fixture.expected(sequence).tokenIds()));
  }

  @Test
  void aStepIsSubmittedWithATokenThatNobodyKnowsYet() {
    EngineFixture fixture = fixture(runner(100));
    Sequence sequence = fixture.submit(5, exactly(6).build());
    fixture.submit(3, exactly(6).build());
    fixture.runToEnd(20);

    List<StepPlan> plans = fixture.runner.plans();
    assertThat(plans).as("none is computed in vain").hasSize(6);
    assertThat(fixture.runner.submittedAhead()).isEqualTo(5);
    for (StepPlan plan : plans.subList(1, 6)) {
      assertThat(plan.chunks()).extracting(SequenceChunk::source).containsExactly(0, 1);
      assertThat(plan.chunks()).extracting(SequenceChunk::length).containsOnly(1);
    }

    assertOutputs(fixture);
    assertThat(sequence.result().join().completionTokens()).isEqualTo(6);
    assertThat(fixture.loop.stats().discardedTokens()).isZero();
  }

  @Test
  void anOutputThatEndsByItselfHasOnePositionMoreComputed() {
    EngineFixture fixture = fixture(runner(400));
    Sequence endless = fixture.submit(5, exactly(100).build());
    Sequence sequence = fixture.submit(5, exactly(100).ignoreEos(false).build());
    fixture.runToEnd(200);

    assertThat(sequence.result().join().completionTokens()).isLessThan(100);
    assertThat(endless.result().join().completionTokens()).isEqualTo(100);
    assertThat(fixture.loop.stats().discardedTokens()).isEqualTo(1);
    assertOutputs(fixture);
  }

  @Test
  void aRowWithPenaltiesIsScheduledAhead() {
    EngineFixture fixture = fixture(runner(100));
    fixture.submit(5, exactly(9).presencePenalty(0.5).build());
    fixture.submit(5, exactly(4).repetitionPenalty(1.5).build());
    fixture.runToEnd(30);

    assertThat(fixture.runner.submittedAhead()).isEqualTo(8);
    assertThat(fixture.runner.plans()).hasSize(9);
    assertOutputs(fixture);
  }

  @Test
  void promptsInPiecesAreScheduledAhead() {
    EngineFixture fixture = fixture(runner(400));
    fixture.submit(200, exactly(1).build());
    fixture.runToEnd(30);

    assertThat(fixture.runner.plans()).hasSize(4);
    assertThat(fixture.runner.submittedAhead()).isEqualTo(3);
    assertOutputs(fixture);
  }

  @Test
  void roomIsTakenFromASequenceOnlyWhenItsTokenHasCome() {
    EngineFixture fixture = fixture(runner(100));
    fixture.expectShortOutputs();
    fixture.submit(20, exactly(70).build());
    fixture.submit(20, exactly(70).build());
    fixture.runToEnd(300);

    assertThat(fixture.loop.stats().preemptions()).isEqualTo(1);
    assertThat(fixture.loop.stats().generatedTokens()).isEqualTo(fixture.warmUps + 140);
    assertOutputs(fixture);
  }

  @Test
  void whatWasSubmittedBehindAFailureIsPlannedAgain() {
    FakeModelRunner runner =
        new FakeModelRunner(
                EngineFixture.limits(1_000, 200),
                (attempt, plan) ->
                    attempt % 6 == 4 && attempt < 60
                        ? new DeviceMemoryException("as told", new RuntimeException())
                        : null)
            .withDepth(2)
            .withRecurrentState();
    EngineFixture fixture = fixture(runner);
    fixture.submit(9, exactly(40).build());
    fixture.submit(30, exactly(40).temperature(1).build());
    fixture.runToEnd(500);

    assertThat(fixture.loop.stats().memoryFailures()).isEqualTo(10);
    assertThat(fixture.loop.stats().recomputedTokens()).as("states were kept").isZero();
    assertOutputs(fixture);
  }

  @Test
  void aCancelledRowsSlotsAreFreeWhileItsLastStepRuns() {
    EngineFixture fixture = fixture(runner(100));
    Sequence large = fixture.submit(90, exactly(9).build());
    assertThat(fixture.step()).isTrue();
    assertThat(fixture.step()).isTrue();
    fixture.loop.cancel(large);
    Sequence next = fixture.submit(80, exactly(9).build());
    assertThat(fixture.step()).isTrue();

    assertThat(next.state()).isEqualTo(Sequence.State.RUNNING);
    fixture.runToEnd(50);
    assertThat(next.result().join().tokenIds()).isEqualTo(fixture.expected(next).tokenIds());
  }

  /** Stop strings, samplings, failures and clients at random, one step at a time and ahead. */
  @Test
  void outputsAreThoseOfOneStepAtATime() {
    long ahead = 0;
    long stopped = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      List<String> expected = outputs(seed, 1);
      EngineFixture[] used = new EngineFixture[1];
      assertThat(outputs(seed, 2, used)).as("seed %d", seed).isEqualTo(expected);
      ahead += used[0].runner.submittedAhead();
      stopped += expected.stream().filter(text -> text.contains("STOP")).count();
    }

    assertThat(ahead).as("steps submitted ahead").isGreaterThan(10_000);
    assertThat(stopped).as("outputs that ended by themselves").isGreaterThan(2_000);
  }

  private static List<String> outputs(long seed, int depth) {
    return outputs(seed, depth, new EngineFixture[1]);
  }

  private static List<String> outputs(long seed, int depth, EngineFixture[] used) {
    Random random = new Random(seed);
    ModelLimits limits = EngineFixture.limits(20 + random.nextInt(60), 45 + random.nextInt(105));
    double failureRate = random.nextInt(3) * 0.02;
    Random failures = new Random(seed + depth);
    FakeModelRunner runner =
        new FakeModelRunner(
                limits,
                (attempt, plan) ->
                    attempt < 1_000 && plan.tokens() > 1 && failures.nextDouble() < failureRate
                        ? new DeviceMemoryException("as told", new RuntimeException())
                        : null)
            .withDepth(depth);
    int maxSequences = 1 + random.nextInt(6);
    EngineFixture fixture =
        new EngineFixture(
            runner,
            ModelSettings.batching(maxSequences, maxSequences + random.nextInt(30)),
            LETTERS);
    used[0] = fixture;
    int rows = 1 + random.nextInt(10);
    List<Integer> steps = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int length = 1 + random.nextInt(limits.maxModelLen() / 2);
      Tensor prompt = EngineFixture.prompt(EngineFixture.prompt(40, 7), length / 2, length, row);
      fixture.submitAll(
          new GenerationRequest("row " + row, prompt, 0, params(random))
              .from(new Client("client " + random.nextInt(3), "", 1)));
      steps.add(random.nextInt(4));
    }

    steps.forEach(count -> IntStream.range(0, count).forEach(i -> fixture.step()));
    fixture.runToEnd(20_000);
    return fixture.submitted.stream()
        .map(Sequence::result)
        .map(
            result ->
                result.isCompletedExceptionally()
                    ? "failed"
                    : result.join().text()
                        + Arrays.toString(result.join().tokenIds())
                        + result.join().finishReason()
                        + result.join().logprobs().stream().map(TokenLogprobs::logprob).toList())
        .toList();
  }

  private static SamplingParams params(Random random) {
    SamplingParams.Builder params =
        SamplingParams.builder()
            .maxTokens(1 + random.nextInt(30))
            .set(SearchParameters.N, 1 + Math.max(0, random.nextInt(9) - 5))
            .temperature(random.nextBoolean() ? 0 : 0.8)
            .frequencyPenalty(random.nextInt(8) == 0 ? 0.3 : 0);
    if (random.nextBoolean()) {
      params.stop(List.of("ab", "" + (char) ('a' + random.nextInt(7))));
    }

    return (random.nextInt(5) == 0 ? params.logprobs(1) : params).build();
  }
}
