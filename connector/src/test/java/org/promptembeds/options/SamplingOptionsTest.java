package org.promptembeds.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.generation.parameter.ValueType.Kind;

/** The arguments of the SQL functions against the table of sampling parameters. */
class SamplingOptionsTest {
  static List<Parameter<?>> parameters() {
    return Parameters.all();
  }

  @ParameterizedTest
  @MethodSource("parameters")
  <T> void isAnArgumentUnlessTheTableSaysWhyNot(Parameter<T> parameter) {
    assertThat(SamplingOptions.ARGUMENTS.find(parameter.name()).isPresent())
        .isEqualTo(parameter.hole(Surface.SQL).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("parameters")
  <T> void isReadFromAValueAndFromItsText(Parameter<T> parameter) {
    if (parameter.hole(Surface.SQL).isPresent()) {
      return;
    }

    SamplingParams expected = SamplingParams.builder().set(parameter, parameter.example()).build();
    assertThat(SamplingOptions.parse(Map.of(parameter.name(), parameter.example())))
        .isEqualTo(expected);
    if (parameter.type().kind() != Kind.TEXTS) {
      assertThat(SamplingOptions.parse(Map.of(parameter.name(), text(parameter.example()))))
          .isEqualTo(expected);
    }
  }

  /** As in a {@code map<string,string>}: integers with commas between them, maps as JSON. */
  private static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> "\"%s\": %s".formatted(entry.getKey(), entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }

    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : value.toString();
  }
}
