package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.ScoredToken;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.tensor.Tensor;

/**
 * What is told of the tokens of prompts, on the fake model, whatever steps they are computed in.
 */
class PromptLogprobsTest {
  private static final Tensor BEGINNING = EngineFixture.prompt(60, 99);
  private final List<PromptTokens> tokens = new ArrayList<>();
  private long preemptions;
  private long shared;

  /**
   * Prompts in pieces, pre-empted, of failed steps, that begin as others do; two steps at a time.
   */
  @Test
  void everyTokenIsToldOfWhateverTheStepsAre() {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      Random failures = new Random(seed);
      FakeModelRunner runner =
          new FakeModelRunner(
                  EngineFixture.limits(120, 130 + random.nextInt(40)),
                  (attempt, plan) ->
                      plan.tokens() > 1 && failures.nextInt(12) == 0
                          ? new DeviceMemoryException("as told", new RuntimeException())
                          : null)
              .withDepth(1 + random.nextInt(2));
      EngineFixture fixture =
          new EngineFixture(runner, ModelSettings.batching(4, 4 + random.nextInt(40)));
      fixture.expectShortOutputs();
      tokens.clear();
      for (int row = 0; row < 6; row++) {
        submit(fixture, random, row);
      }

      fixture.runToEnd(20_000);
      for (int row = 0; row < fixture.submitted.size(); row++) {
        assertScores(fixture, fixture.submitted.get(row), tokens.get(row));
      }

      preemptions += fixture.loop.stats().preemptions();
      shared += fixture.loop.stats().sharedTokens();
    }

    assertThat(preemptions).as("pre-emptions").isGreaterThan(10);
    assertThat(shared).as("positions shared by rows that tell nothing").isGreaterThan(100);
  }

  private void submit(EngineFixture fixture, Random random, int row) {
    int length = 1 + random.nextInt(55);
    int shared = random.nextInt(length + 1);
    Tensor prompt = EngineFixture.prompt(BEGINNING, shared, length, row);
    int[] ids = random.ints(length, -1, EngineFixture.VOCAB_SIZE).toArray();
    IntStream.range(0, shared).forEach(i -> ids[i] = i % 7 - 1);
    PromptTokens known = PromptTokens.of(ids);
    SamplingParams.Builder params = SamplingParams.builder().maxTokens(1 + random.nextInt(60));
    params.set(OutputParameters.PROMPT_LOGPROBS, random.nextInt(3) == 0 ? null : 1);
    tokens.add(known);
    fixture.submit(
        new GenerationRequest("row " + row, prompt, params.build())
            .with(PromptExtras.NONE.withTokens(known)));
  }

  private static void assertScores(EngineFixture fixture, Sequence sequence, PromptTokens tokens) {
    CheckedRequest request = Objects.requireNonNull(fixture.requests.get(sequence));
    List<@Nullable ScoredToken> told = sequence.result().join().promptLogprobs();
    if (request.params().promptLogprobs() < 0) {
      assertThat(told).isEmpty();
      return;
    }

    long[] values =
        IntStream.range(0, tokens.length())
            .mapToLong(i -> FakeTokens.keyValue(input(request, i), i))
            .toArray();
    assertThat(told).hasSize(tokens.length());
    for (int i = 0; i < told.size(); i++) {
      ScoredToken entry = told.get(i);
      if (i == 0 || tokens.id(i) == PromptTokens.NO_TOKEN) {
        assertThat(entry).isNull();
      } else {
        assertThat(entry).isNotNull();
        assertThat(entry.tokenId()).isEqualTo(tokens.id(i));
        assertThat(entry.logprobs().topTokenIds()).containsExactly(tokens.id(i));
        assertThat(entry.logprobs().logprob())
            .isEqualTo(FakeTokens.score(FakeTokens.hash(values, 0, i), tokens.id(i)).logprob());
      }
    }
  }

  private static long input(CheckedRequest request, int position) {
    return FakeTokens.inputOf(request.embeds(), request.extras(), position);
  }

  @Test
  void embeddingsAloneAreRefused() {
    EngineFixture fixture =
        new EngineFixture(
            new FakeModelRunner(EngineFixture.limits(50, 50)), ModelSettings.batching(2, 20));
    SamplingParams params =
        SamplingParams.builder().set(OutputParameters.PROMPT_LOGPROBS, -1).build();
    assertThatThrownBy(() -> fixture.submit(3, params))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row 'row 0': prompt_logprobs needs the tokens of the prompt, and embeddings alone have none: pass token_ids with them, or leave it out");
    assertThatThrownBy(
            () ->
                fixture.submit(
                    new GenerationRequest("r", EngineFixture.prompt(2, 1), params)
                        .with(PromptExtras.NONE.withTokens(PromptTokens.of(new int[] {3, 60})))))
        .hasMessageContaining(
            "token_ids have 60, the model's vocabulary ends at 59: pass ids below 60");
  }
}
