package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.BidirectionalSpans;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/**
 * Whatever the arena, the budgets, the batch, cancelled neighbours and failed steps: each row gets
 * what the model generates for it alone, once.
 */
class EnginePropertyTest {
  private static long preemptions;
  private static long moves;
  private static long failedMoves;
  private static long sharedTokens;
  private static long discardedTokens;
  private static long submittedAhead;
  private static long readElsewhere;

  @AfterAll
  static void hardCasesWereMet() {
    assertThat(preemptions).as("pre-emptions").isGreaterThan(100);
    assertThat(moves).as("moves").isGreaterThan(500);
    assertThat(failedMoves).as("failed steps with moves").isGreaterThan(50);
    assertThat(sharedTokens).as("positions copied").isGreaterThan(1_000);
    assertThat(readElsewhere).as("positions read of another row").isGreaterThan(5_000);
    assertThat(submittedAhead).as("steps submitted ahead").isGreaterThan(1_000);
    assertThat(discardedTokens).as("positions computed in vain").isGreaterThan(100);
  }

  static LongStream seeds() {
    return LongStream.range(0, 400);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRowGetsItsOwnOutput(long seed) throws Exception {
    Random random = new Random(seed);
    int kvSlots = 12 + random.nextInt(random.nextBoolean() ? 100 : 300);
    int maxModelLen = 10 + random.nextInt(150);
    int maxSequences = 1 + random.nextInt(20);
    int maxStepTokens = maxSequences + random.nextInt(40);
    ModelLimits limits = EngineFixture.limits(maxModelLen, kvSlots);
    int depth = 1 + (int) (seed % 2);
    boolean recurrent = seed % 8 == 7;
    double failureRate = random.nextBoolean() ? 0.01 : 0;
    Random failures = new Random(seed + 1);
    FakeModelRunner runner =
        new FakeModelRunner(
            limits,
            (attempt, plan) -> {
              if (attempt > 2_000 || failureRate == 0) {
                return null;
              }

              boolean fails = failures.nextDouble() < (plan.moves().isEmpty() ? failureRate : 0.6);
              failedMoves += fails && !plan.moves().isEmpty() ? 1 : 0;
              return fails ? new DeviceMemoryException("as told", new RuntimeException()) : null;
            });
    runner.withDepth(depth);
    if (recurrent) {
      runner.withRecurrentState();
    }

    EngineFixture fixture =
        new EngineFixture(runner, ModelSettings.batching(maxSequences, maxStepTokens));

    List<GenerationRequest> requests = new ArrayList<>();
    int rows = 1 + random.nextInt(60);
    int longestPrompt =
        1
            + random.nextInt(
                Math.min(random.nextBoolean() ? 60 : 8, CheckedRequest.maxLength(limits) - 1));
    int longestOutput = 1 + random.nextInt(80);
    boolean mostAreShort = random.nextBoolean();
    boolean sharing = random.nextBoolean();
    Random spans = new Random(seed + 2);
    double spanRate = spans.nextInt(4) == 0 ? spans.nextDouble() : 0;
    int spanSize = 1 + spans.nextInt(13);
    int clients = 1 + random.nextInt(random.nextBoolean() ? 1 : 5);
    for (int i = 0; i < rows; i++) {
      int promptLength = 1 + random.nextInt(longestPrompt);
      int shared = sharing ? promptLength * random.nextInt(4) / 3 : 0;
      Tensor beginning = EngineFixture.prompt(longestPrompt, seed + random.nextInt(3));
      requests.add(
          new GenerationRequest(
                  "row " + i,
                  EngineFixture.prompt(beginning, shared, promptLength, seed * 100 + i),
                  random.nextBoolean() ? shared : 0,
                  params(random, longestOutput, mostAreShort),
                  client(random.nextInt(clients), random.nextInt(2)))
              .with(
                  spans.nextDouble() < spanRate
                      ? spans(3 * spans.nextInt(2), spanSize, promptLength)
                      : PromptExtras.NONE));
    }

    Set<Sequence> cancelled = new HashSet<>();
    if (random.nextBoolean()) {
      fixture.expectShortOutputs();
    }

    Random several = new Random(seed + 3);
    int mostOutputs = 1 + several.nextInt(several.nextBoolean() ? 1 : 5);
    int next = 0;
    int attempts = 0;
    while (next < rows || !fixture.loop.isIdle()) {
      while (next < rows && random.nextBoolean()) {
        GenerationRequest request = requests.get(next++);
        int n = 1 + several.nextInt(mostOutputs);
        fixture.submitAll(request.with(request.params().with(SearchParameters.N, n)));
      }

      int outputs = fixture.submitted.size();
      if (next > 0 && random.nextInt(20) == 0) {
        Sequence victim = fixture.submitted.get(random.nextInt(outputs));
        if (!victim.isFinished()) {
          cancelled.add(victim);
        }

        fixture.loop.cancel(victim);
      }

      boolean unused = fixture.step();
      assertThat(attempts++).as("attempts").isLessThan(50_000);
    }

    int failed = 0;
    int outputs = fixture.submitted.size();
    for (int i = 0; i < outputs; i++) {
      Sequence sequence = fixture.submitted.get(i);
      assertThat(sequence.result()).isDone();
      if (cancelled.contains(sequence)) {
        assertThat(sequence.result()).isCancelled();
      } else if (failureRate > 0 && sequence.result().isCompletedExceptionally()) {
        failed++;
      } else {
        GenerationResult result = sequence.result().get();
        FakeTokens.Output expected = fixture.expected(sequence);
        assertThat(result.tokenIds()).as("output %d", i).isEqualTo(expected.tokenIds());
        assertThat(result.finishReason()).isEqualTo(expected.reason());
        assertThat(result.promptTokens()).isEqualTo(sequence.promptLength());
        assertThat(result.logprobs())
            .hasSize(
                fixture.request(sequence).params().logprobs() < 0 ? 0 : result.completionTokens());
      }
    }

    EngineStats stats = fixture.loop.stats();
    preemptions += stats.preemptions();
    sharedTokens += stats.sharedTokens();
    discardedTokens += stats.discardedTokens();
    submittedAhead += runner.submittedAhead();
    readElsewhere +=
        runner.plans().stream()
            .flatMap(plan -> plan.chunks().stream())
            .filter(chunk -> chunk.shared().start() != chunk.region().start())
            .mapToLong(chunk -> chunk.shared().capacity())
            .sum();
    moves += runner.plans().stream().mapToInt(plan -> plan.moves().size()).sum();
    assertThat(stats.finishedSequences())
        .isEqualTo(fixture.warmUps + outputs - cancelled.size() - failed);
    assertThat(stats.peakKvSlots()).isLessThanOrEqualTo(kvSlots);
    assertThat(stats.running() + stats.waiting()).isZero();
    assertFirstComeFirstServed(fixture);
  }

  /** Spans of one size with so many rows before each, as far as the prompt goes. */
  private static PromptExtras spans(int start, int size, int length) {
    List<int[]> ranges = new ArrayList<>();
    for (int from = start; from < length; from += size + start) {
      ranges.add(new int[] {from, Math.min(length, from + size)});
    }

    return PromptExtras.NONE.withSpans(BidirectionalSpans.of(ranges.toArray(int[][]::new)));
  }

  private static Client client(int number, int part) {
    return new Client("client " + number, "part " + part, 1 + number);
  }

  /** If most outputs are short, little room is reserved and the long ones have to grow. */
  private static SamplingParams params(Random random, int longestOutput, boolean mostAreShort) {
    boolean isShort = mostAreShort && random.nextInt(4) > 0;
    int maxTokens = 1 + random.nextInt(isShort ? 4 : longestOutput);
    SamplingParams.Builder params =
        SamplingParams.builder()
            .maxTokens(maxTokens)
            .minTokens(random.nextInt(3) == 0 ? random.nextInt(maxTokens + 1) : 0)
            .temperature(random.nextBoolean() ? 0 : 0.7)
            .presencePenalty(random.nextInt(4) == 0 ? 0.5 : 0)
            .repetitionPenalty(random.nextInt(4) == 0 ? 1.5 : 1)
            .seed(random.nextBoolean() ? null : random.nextLong())
            .stopTokenIds(random.nextInt(4) == 0 ? List.of(5, 7) : List.of())
            .ignoreEos(random.nextInt(4) == 0);
    return (random.nextInt(4) == 0 ? params.logprobs(1) : params).build();
  }

  /** Of one part of a client, rows are computed first in the order in which they arrived. */
  private static void assertFirstComeFirstServed(EngineFixture fixture) {
    IdentityHashMap<Tensor, Sequence> sequences = new IdentityHashMap<>();
    for (Sequence sequence : fixture.submitted) {
      sequences.putIfAbsent(fixture.request(sequence).embeds(), sequence); // of a row's, the first
    }

    Set<Sequence> seen = new HashSet<>();
    Map<Client, List<Long>> firstServed = new HashMap<>();
    for (StepPlan plan : fixture.runner.plans()) {
      for (SequenceChunk chunk : plan.chunks()) {
        Sequence sequence = sequences.get(chunk.embeds());
        if (sequence != null && seen.add(sequence)) {
          firstServed
              .computeIfAbsent(sequence.client(), client -> new ArrayList<>())
              .add(sequence.arrival());
        }
      }
    }

    assertThat(seen).isNotEmpty();
    assertThat(firstServed.values()).allSatisfy(arrivals -> assertThat(arrivals).isSorted());
  }
}
