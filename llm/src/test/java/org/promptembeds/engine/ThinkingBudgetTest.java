package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Rows that think for so long and no longer, against a search of their tokens. */
class ThinkingBudgetTest {
  private static final int START = 7;
  private static final int END = 8;

  private static final TokenDecoder MARKED =
      new TokenDecoder() {
        @Override
        public String decode(int[] tokenIds) {
          return Arrays.toString(tokenIds);
        }

        @Override
        public int[] encode(String text) {
          return text.equals("[THINK]")
              ? new int[] {START}
              : text.equals("[/THINK]") ? new int[] {END} : new int[] {1, 2};
        }
      };

  private static EngineFixture fixture(int depth, @Nullable TokenDecoder decoder) {
    FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(200, 700)).withDepth(depth);
    return new EngineFixture(runner, ModelSettings.batching(6, 64), decoder);
  }

  private static SamplingParams.Builder params(@Nullable Integer budget) {
    return SamplingParams.builder()
        .maxTokens(60)
        .ignoreEos(true)
        .set(ChoiceParameters.THINKING_TOKEN_BUDGET, budget);
  }

  /** Tokens of the thought that goes on at the end; -1 if there is none. */
  private static int thought(int[] tokens, int length) {
    int last = length - 1;
    while (last >= 0 && tokens[last] != START && tokens[last] != END) {
      last--;
    }

    return last < 0 || tokens[last] == END ? -1 : length - 1 - last;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void thoughtsEndWhereTheirBudgetDoes(int depth) {
    Random random = new Random(depth);
    EngineFixture fixture = fixture(depth, MARKED);
    for (int row = 0; row < 60; row++) {
      int[] ids = random.ints(6, -1, 12).toArray();
      fixture.submit(
          new GenerationRequest(
                  "row " + row,
                  EngineFixture.prompt(6, row),
                  params(row % 5 == 4 ? null : Integer.valueOf(row % 5 * 3)).build())
              .with(PromptExtras.NONE.withTokens(PromptTokens.of(ids))));
    }

    fixture.runToEnd(2_000);

    int ended = 0;
    for (Sequence sequence : fixture.submitted) {
      CheckedRequest request = Objects.requireNonNull(fixture.requests.get(sequence));
      int budget = request.params().find(ChoiceParameters.THINKING_TOKEN_BUDGET).orElse(999);
      PromptTokens prompt = request.extras().tokens();
      int[] output = sequence.outputTokenIds();
      int[] all = new int[prompt.length() + output.length];
      Arrays.setAll(all, i -> i < prompt.length() ? prompt.id(i) : output[i - prompt.length()]);
      boolean asExpected = true;
      int[] expected = fixture.expected(sequence).tokenIds();
      for (int i = 0; i < output.length; i++) {
        boolean mustEnd = thought(all, prompt.length() + i) >= budget;
        ended += mustEnd ? 1 : 0;
        asExpected &= !mustEnd;
        assertThat(!mustEnd || output[i] == END).as("row %s at %d", sequence.row(), i).isTrue();
        assertThat(!asExpected || output[i] == expected[i]).isTrue();
      }
    }

    assertThat(ended).as("thoughts that were ended").isGreaterThan(20);
  }

  @Test
  void isRefusedWhereNothingMarksThoughts() {
    for (TokenDecoder decoder : new TokenDecoder[] {null, Arrays::toString}) {
      assertThatThrownBy(() -> fixture(1, decoder).submit(3, params(4).build()))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("row 'row 0': thinking_token_budget is given, but the model's");
    }

    assertThat(fixture(1, null).submit(3, params(-1).build()).isFinished()).isFalse();
    assertThatThrownBy(
            () ->
                fixture(1, MARKED)
                    .submit(3, params(4).set(FormParameters.JSON_OBJECT, true).build()))
        .hasMessageContaining("but the output has a form, in which there are no thoughts");
  }
}
