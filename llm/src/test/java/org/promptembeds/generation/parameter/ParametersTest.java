package org.promptembeds.generation.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.SamplingParams;

/** The table: complete, without contradictions, and of effect. */
class ParametersTest {
  static List<Parameter<?>> all() {
    return Parameters.all();
  }

  @Test
  void everyConstantIsInTheTable() throws IllegalAccessException {
    List<Object> constants = new ArrayList<>();
    for (Class<?> group :
        List.of(
            StopParameters.class,
            ChoiceParameters.class,
            SearchParameters.class,
            FormParameters.class,
            OutputParameters.class,
            PromptParameters.class,
            ModelParameters.class)) {
      for (Field field : group.getDeclaredFields()) {
        if (field.getType() == Parameter.class) {
          constants.add(field.get(null));
        }
      }
    }

    assertThat(constants).doesNotHaveDuplicates().isEqualTo(all());
    assertThat(all()).extracting(Parameter::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("all")
  <T> void isWellSaid(Parameter<T> parameter) {
    assertThat(parameter.name()).matches("[a-z]+(_[a-z]+)*");
    assertThat(parameter.doc()).matches("[A-Z0].*[^.]\\.").doesNotContain("%");
    assertThat(parameter.absent()).isNotEqualTo(Optional.of(parameter.example()));
    assertThat(parameter.problems(parameter.example())).isEmpty();
    parameter.absent().ifPresent(value -> assertThat(parameter.problems(value)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("all")
  <T> void isKeptWhereItIsNotTheDefault(Parameter<T> parameter) {
    SamplingParams defaults = SamplingParams.builder().build();
    SamplingParams params = defaults.with(parameter, parameter.example());

    assertThat(params.find(parameter)).contains(parameter.example());
    assertThat(params.values()).isEqualTo(Map.of(parameter, parameter.example()));
    assertThat(defaults.values()).isEmpty();
    parameter
        .absent()
        .ifPresent(value -> assertThat(params.with(parameter, value)).isEqualTo(defaults));
  }

  @Test
  void allThatIsOutOfBoundsIsNamedAtOnce() {
    assertThatThrownBy(
            () ->
                SamplingParams.builder()
                    .maxTokens(0)
                    .minTokens(3)
                    .temperature(Double.NaN)
                    .topP(0)
                    .topK(-2)
                    .presencePenalty(2.5)
                    .repetitionPenalty(0)
                    .logitBias(Map.of(-1, 1.0, 7, 101.0))
                    .stop(List.of("a", ""))
                    .stopTokenIds(List.of(3, -4))
                    .logprobs(-2)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "max_tokens must be at least 1, got 0; stop must not hold an empty string;"
                + " stop_token_ids must not be negative, got [3, -4];"
                + " temperature must be a number, got NaN; top_p must be in (0, 1], got 0.0;"
                + " top_k must be at least 0 (0 and -1 keep all tokens), got -2;"
                + " presence_penalty must be in [-2, 2], got 2.5;"
                + " repetition_penalty must be a finite number above 0, got 0.0;"
                + " logit_bias must not have negative token ids, got -1;"
                + " logit_bias of token 7 must be in [-100, 100], got 101.0;"
                + " logprobs must be at least 0, or -1 for the whole vocabulary, got -2;"
                + " min_tokens must not exceed max_tokens (0), got 3");
  }

  @Test
  void anUnknownNameIsAnsweredWithAllThereAre() {
    assertThatThrownBy(() -> Parameters.require("max_token"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown parameter 'max_token'; known: max_tokens, min_tokens, ");
  }
}
