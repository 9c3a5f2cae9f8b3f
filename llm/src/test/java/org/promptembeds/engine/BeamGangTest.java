package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.engine.BeamSearch.Beam;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Searches among other rows, on a model whose tokens depend on all that its memory holds. */
class BeamGangTest {
  private static long preemptions;
  private static long failures;

  private static SamplingParams params(int width, int n, int maxTokens) {
    return SamplingParams.builder()
        .maxTokens(maxTokens)
        .set(SearchParameters.BEAM_WIDTH, width)
        .set(SearchParameters.N, n)
        .build();
  }

  private static GenerationRequest request(int promptLength, SamplingParams params) {
    return new GenerationRequest("row", EngineFixture.prompt(promptLength, 1), params);
  }

  private static EngineFixture fixture(int kvSlots, int maxSequences) {
    return new EngineFixture(
        new FakeModelRunner(EngineFixture.limits(200, kvSlots)),
        ModelSettings.batching(maxSequences, 64));
  }

  /** What the search finds if every beam computes all of its positions by itself. */
  private static List<int[]> expected(CheckedRequest request) {
    SamplingParams params = request.params();
    int[] endings = {EngineFixture.EOS};
    int width = params.beamWidth();
    BeamSearch search = new BeamSearch(width, 1, endings, params.maxTokens());
    List<TokenLogprobs> answers;
    do {
      answers = search.live().stream().map(beam -> answer(request, beam, width + 1)).toList();
    } while (search.advance(answers));
    return search.ended().stream().limit(params.n()).map(Beam::tokenIds).toList();
  }

  private static TokenLogprobs answer(CheckedRequest request, Beam beam, int top) {
    int promptLength = (int) request.embeds().size(0);
    long[] values = new long[promptLength + beam.tokenIds().length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          FakeTokens.keyValue(
              i < promptLength
                  ? FakeTokens.inputOf(request.embeds(), request.extras(), i)
                  : FakeTokens.inputOf(beam.tokenIds()[i - promptLength]),
              i);
    }

    long hash = FakeTokens.hash(values, 0, values.length);
    return FakeTokens.likely(hash, top, EngineFixture.VOCAB_SIZE);
  }

  private static void assertFound(EngineFixture fixture, List<Sequence> row) {
    List<int[]> expected = expected(fixture.request(row.get(0)));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(row.get(i).result().join().tokenIds()).isEqualTo(expected.get(i));
    }
  }

  @AfterAll
  static void hardCasesWereMet() {
    assertThat(preemptions).as("searches that were pre-empted").isPositive();
    assertThat(failures).as("steps with copies that failed").isPositive();
  }

  /** Little room, several clients, steps that fail, budgets that part the beams. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRowGetsItsOwnOutput(boolean recurrent) {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Random failing = new Random(seed + 1);
      FakeModelRunner runner =
          new FakeModelRunner(
                  EngineFixture.limits(60, 60 + random.nextInt(150)),
                  (attempt, plan) -> {
                    boolean helps = plan.isDivisible() || !plan.moves().isEmpty();
                    int mean = plan.moves().isEmpty() ? 40 : 6;
                    boolean fails = helps && attempt < 2_000 && failing.nextInt(mean) == 0;
                    failures += fails && !plan.moves().isEmpty() ? 1 : 0;
                    return fails
                        ? new DeviceMemoryException("as told", new RuntimeException())
                        : null;
                  })
              .withDepth(1 + random.nextInt(2));
      EngineFixture fixture =
          new EngineFixture(
              recurrent ? runner.withRecurrentState() : runner,
              ModelSettings.batching(4 + random.nextInt(8), 12 + random.nextInt(30)));
      fixture.expectShortOutputs();
      List<List<Sequence>> searches = new ArrayList<>();
      List<Sequence> plain = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Client client = new Client("client " + random.nextInt(3), "part", 1);
        int promptLength = 1 + random.nextInt(9);
        if (random.nextInt(3) == 0) {
          int width = 2 + random.nextInt(3);
          SamplingParams params = params(width, 1 + random.nextInt(width), 1 + random.nextInt(6));
          searches.add(fixture.submitAll(request(promptLength, params).from(client)));
        } else {
          SamplingParams greedy =
              SamplingParams.builder().maxTokens(1 + random.nextInt(40)).build();
          plain.add(fixture.submit(promptLength, greedy, client));
        }

        IntStream.range(0, random.nextInt(4)).forEach(turn -> step(fixture, searches));
      }

      for (int turn = 0; !fixture.loop.isIdle(); turn++) {
        assertThat(turn).as("turns of seed %d", seed).isLessThan(3_000);
        step(fixture, searches);
      }

      searches.forEach(search -> assertFound(fixture, search));
      plain.forEach(
          row -> assertThat(row.outputTokenIds()).isEqualTo(fixture.expected(row).tokenIds()));
    }
  }

  /** Beams run, wait and end together. */
  private static void step(EngineFixture fixture, List<List<Sequence>> searches) {
    List<List<Sequence>> running =
        searches.stream().filter(search -> search.get(0).isRunning()).toList();
    fixture.step();
    for (List<Sequence> search : searches) {
      assertThat(search.stream().map(Sequence::state).distinct()).hasSize(1);
      if (running.contains(search) && search.get(0).state() == Sequence.State.WAITING) {
        preemptions++;
      }
    }
  }

  @Test
  void thePromptIsComputedOnceAndCopied() {
    EngineFixture fixture = fixture(1_000, 8);
    List<Sequence> row = fixture.submitAll(request(50, params(5, 3, 6)));
    fixture.runToEnd(50);

    assertFound(fixture, row);
    assertThat(fixture.loop.stats().promptTokens()).isEqualTo(50);
  }

  @Test
  void oneOutputMayBeGivenUpWithoutTheOthers() {
    for (int steps = 0; steps < 6; steps++) {
      EngineFixture fixture = fixture(400, 8);
      List<Sequence> row = fixture.submitAll(request(20, params(3, 2, 5)));
      IntStream.range(0, steps).forEach(i -> fixture.step());
      boolean ended = row.get(0).isFinished();
      fixture.loop.cancel(row.get(0));
      fixture.runToEnd(50);

      assertThat(row.get(0).result().isCancelled()).isEqualTo(!ended);
      assertThat(row.get(1).result().join().tokenIds())
          .isEqualTo(expected(fixture.request(row.get(1))).get(1));
    }
  }

  @Test
  void givingUpAllOutputsFreesAllBeams() {
    EngineFixture fixture = fixture(400, 8);
    List<Sequence> row = fixture.submitAll(request(20, params(3, 2, 50)));
    Sequence other = fixture.submit(5, SamplingParams.builder().maxTokens(9).build());
    IntStream.range(0, 4).forEach(i -> fixture.step());
    fixture.loop.cancel(row.get(1));
    fixture.loop.cancel(row.get(0));

    assertThat(row).allMatch(Sequence::isFinished);
    fixture.runToEnd(50);
    assertThat(other.outputTokenIds()).isEqualTo(fixture.expected(other).tokenIds());
    assertThat(fixture.loop.stats().usedKvSlots()).isZero();
  }

  @Test
  void logitsThatAreNotFiniteFailTheRow() {
    EngineFixture fixture = fixture(400, 8);
    fixture.runner.spoilLogits(chunk -> chunk.start() == 22);
    List<Sequence> row = fixture.submitAll(request(20, params(3, 2, 50)));
    fixture.runToEnd(50);

    for (Sequence output : row.subList(0, 2)) {
      assertThatThrownBy(() -> output.result().join())
          .hasMessageContaining("row 'row': the logits at position 22 are NaN or infinite");
    }

    assertThat(row).allMatch(Sequence::isFinished);
  }

  @Test
  void aModelThatFailsEndsAllOutputs() {
    FakeModelRunner runner =
        new FakeModelRunner(
            EngineFixture.limits(200, 400),
            (attempt, plan) -> attempt == 3 ? new IllegalStateException("broken") : null);
    try (Engine engine =
        new Engine(runner, null, Set.of(EngineFixture.EOS), ModelSettings.batching(8, 32))) {
      List<PendingGeneration> outputs = engine.submitAll(request(20, params(4, 3, 50)), List.of());
      assertThat(outputs).hasSize(3);
      for (PendingGeneration output : outputs) {
        assertThatThrownBy(() -> output.result().join())
            .hasCauseInstanceOf(BackendException.class)
            .hasMessageContaining("broken");
      }
    }
  }

  @Test
  void whatCannotRunTogetherIsRefused() {
    assertThatThrownBy(() -> fixture(40, 8).submitAll(request(20, params(3, 1, 5))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row 'row': beam_width 3 needs 72 tokens of the KV cache, for 24 positions each, and it has 40: pass a smaller beam_width or max_tokens, or give the KV cache more memory");
    assertThatThrownBy(() -> fixture(900, 2).submitAll(request(20, params(60, 1, 5))))
        .hasMessageContaining("beam_width 60 is more than the 2 sequences that run at a time")
        .hasMessageContaining("beam_width 60 is more than the 59 tokens of the vocabulary");
  }

  @Test
  void whatBeamsAreNotCombinedWithIsNamed() {
    assertThatThrownBy(() -> params(2, 3, 5)).hasMessage("n must not exceed beam_width (2), got 3");
    assertThatThrownBy(
            () ->
                SamplingParams.builder()
                    .set(SearchParameters.BEAM_WIDTH, 2)
                    .temperature(1)
                    .stop(List.of("x"))
                    .build())
        .hasMessage(
            "beam_width 2 cannot be combined with stop, temperature: leave out one or the other");
  }
}
