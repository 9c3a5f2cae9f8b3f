package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.setting.ModelSettings;

/** Rows whose output has a form, among rows that have none, on the fake model. */
class OutputConstraintTest {
  private static final String TEXTS = "abcdefghijklmnopqrstuvwxyz0123456789{}[]\":, .-_";

  /** Tokens of a character each from 4 on, and a few of several. */
  private static final TokenDecoder DECODER =
      new TokenDecoder() {
        @Override
        public String decode(int[] tokenIds) {
          StringBuilder text = new StringBuilder();
          for (int id : tokenIds) {
            byte[] bytes = tokenBytes().get(id);
            text.append(bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8));
          }

          return text.toString();
        }

        @Override
        public List<byte @Nullable []> tokenBytes() {
          List<byte @Nullable []> bytes = new ArrayList<>();
          for (int id = 0; id < EngineFixture.VOCAB_SIZE; id++) {
            int at = id - 4;
            String text =
                at < 0 ? null : at < TEXTS.length() ? TEXTS.substring(at, at + 1) : "{\"a";
            bytes.add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
          }

          return bytes;
        }
      };

  private static EngineFixture fixture(int depth) {
    FakeModelRunner runner = new FakeModelRunner(EngineFixture.limits(200, 600)).withDepth(depth);
    return new EngineFixture(runner, ModelSettings.batching(8, 64), DECODER);
  }

  private static SamplingParams.Builder params(int maxTokens, int seed) {
    return SamplingParams.builder().maxTokens(maxTokens).temperature(1).seed((long) seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void outputsHaveTheirFormAndOthersAreAsTheyWere(int depth) {
    EngineFixture fixture = fixture(depth);
    List<Sequence> regexes = new ArrayList<>();
    List<Sequence> objects = new ArrayList<>();
    List<Sequence> free = new ArrayList<>();
    for (int seed = 0; seed < 12; seed++) {
      regexes.add(
          fixture.submit(
              3 + seed, params(30, seed).set(FormParameters.REGEX, "[a-c]{3,5}-[0-9]+").build()));
      objects.add(
          fixture.submit(
              5,
              params(25, seed)
                  .set(
                      FormParameters.JSON_SCHEMA,
                      """
                      {"type": "object", "properties": {"a": {"type": "integer"},
                       "b": {"type": "array", "items": {"type": "string"}}},
                       "required": ["a", "b"], "additionalProperties": false}""")
                  .build()));
      free.add(fixture.submit(4 + seed, params(20, seed).build()));
    }

    fixture.runToEnd(2000);

    for (Sequence sequence : regexes) {
      GenerationResult result = sequence.result().join();
      assertThat(result.text()).matches("[a-c]{3,5}-[0-9]+");
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    for (Sequence sequence : objects) {
      GenerationResult result = sequence.result().join();
      assertThat(result.text())
          .matches("\\{\\s*\"a\": ?-?[0-9]+,\\s*\"b\": ?\\[(\\s*\"[^\"]*\",?)*\\s*]\\s*}");
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    for (Sequence sequence : free) {
      assertThat(sequence.outputTokenIds()).isEqualTo(fixture.expected(sequence).tokenIds());
    }
  }

  @Test
  void anOutputThatCannotGoOnEndsAtOnce() {
    EngineFixture fixture = fixture(1);
    Sequence sequence =
        fixture.submit(3, params(30, 1).set(FormParameters.CHOICE, List.of("ab", "cd")).build());

    fixture.runToEnd(20);

    assertThat(sequence.result().join().text()).isIn("ab", "cd");
    assertThat(sequence.outputTokenIds()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatIsCertainTakesNoStep(int depth) {
    EngineFixture fixture = fixture(depth);
    Sequence sequence =
        fixture.submit(
            3, params(40, 1).set(FormParameters.REGEX, "[ab]-aaaa-[cd]-bbbbbb-[ef]").build());
    Sequence told =
        fixture.submit(
            3,
            params(40, 1)
                .set(FormParameters.REGEX, "[ab]-aaaa-[cd]-bbbbbb-[ef]")
                .logprobs(0)
                .build());
    while (!sequence.isFinished()) {
      assertThat(fixture.step()).isTrue();
    }

    int steps = fixture.runner.plans().size();
    fixture.runToEnd(80);

    GenerationResult result = sequence.result().join();
    assertThat(result.text()).matches("[ab]-aaaa-[cd]-bbbbbb-[ef]");
    assertThat(result.tokenIds()).hasSize(17);
    assertThat(steps).as("three choices").isEqualTo(3);
    assertThat(told.result().join().tokenIds()).hasSize(17);
    assertThat(told.result().join().logprobs()).as("each is told of").hasSize(17);
    assertThat(fixture.loop.stats().generatedTokens()).isEqualTo(34);
  }

  @Test
  void aStopStringWithinWhatIsCertainEndsTheOutput() {
    EngineFixture fixture = fixture(1);
    Sequence sequence =
        fixture.submit(
            3, params(40, 1).set(FormParameters.REGEX, "[ab]cdefa").stop(List.of("de")).build());
    fixture.runToEnd(20);

    assertThat(sequence.result().join().text()).matches("[ab]c");
    assertThat(sequence.result().join().finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aLimitWithinWhatIsCertainEndsTheOutput() {
    EngineFixture fixture = fixture(1);
    Sequence sequence =
        fixture.submit(3, params(4, 1).set(FormParameters.REGEX, "[ab]cdefa").build());
    fixture.runToEnd(20);

    assertThat(sequence.result().join().text()).matches("[ab]cde");
    assertThat(sequence.result().join().finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void theEndOfTheSequenceComesWhereTheOutputMayEnd() {
    EngineFixture fixture = fixture(1);
    Sequence sequence = fixture.submit(3, params(60, 3).set(FormParameters.REGEX, "(ab)*").build());

    fixture.runToEnd(80);

    assertThat(sequence.result().join().text()).matches("(ab)*");
    assertThat(sequence.result().join().finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aFormThatTheVocabularyLacksFailsTheRowAlone() {
    EngineFixture fixture = fixture(1);
    Sequence stuck = fixture.submit(3, params(9, 1).set(FormParameters.REGEX, "aÜ").build());
    Sequence other = fixture.submit(3, params(9, 1).set(FormParameters.REGEX, "a+").build());

    fixture.runToEnd(40);

    assertThatThrownBy(() -> stuck.result().join())
        .hasMessageContaining(
            "row 'row 0': after 1 tokens no token of the vocabulary goes on with the output as its form asks: allow characters that the model has tokens for");
    assertThat(other.result().join().text()).matches("a+");
  }

  @Test
  void aFormThatCannotBeMadeIsRefusedWithItsRow() {
    EngineFixture fixture = fixture(1);

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () ->
                fixture.submit(
                    3, params(9, 1).set(FormParameters.JSON_SCHEMA, "{\"not\": {}}").build()))
        .withMessage(
            "row 'row 0': json_schema: at #, 'not' is not supported: leave it out, and check outputs for it");
  }

  @Test
  void aModelWithoutTokensOfBytesRefusesForms() {
    EngineFixture fixture =
        new EngineFixture(
            new FakeModelRunner(EngineFixture.limits(50, 50)), ModelSettings.batching(8, 64));

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () -> fixture.submit(3, params(9, 1).set(FormParameters.JSON_OBJECT, true).build()))
        .withMessageContaining(
            "use a model with a tokenizer.json of byte-level BPE or SentencePiece");
  }
}
