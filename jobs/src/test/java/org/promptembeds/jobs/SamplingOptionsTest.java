package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.jobs.files.PromptColumns;
import org.promptembeds.jobs.options.FileOptions;
import org.promptembeds.jobs.options.SamplingOptions;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

class SamplingOptionsTest {
  @Test
  void defaultsAreThoseOfTheConnector() {
    assertThat(params()).isEqualTo(SamplingParams.builder().build());
  }

  @Test
  void defaultsNeedNoArguments() {
    assertThat(
            GenerateJob.call(
                new PromptColumns.Embeds("`embeds`"),
                new FileOptions(),
                SamplingParams.builder().build()))
        .isEqualTo("generate_from_embeds_detail(`embeds`)");
  }

  @Test
  void everyOptionReachesTheFunction() {
    SamplingParams params =
        params(
            ("--max-tokens 9 --min-tokens 2 --temperature 0.5 --top-p 0.9 --top-k 8 --min-p 0.1"
                    + " --presence-penalty 1 --frequency-penalty -0.5 --repetition-penalty 1.25 --logit-bias 5=-100,7=2.5"
                    + " --seed -7 --stop it's --stop \\n --stop-token-ids 1,2 --ignore-eos --logprobs 3")
                .split(" "));

    assertThat(SamplingOptions.sqlArguments(params))
        .containsEntry("max_tokens", "9")
        .containsEntry("min_tokens", "2")
        .containsEntry("temperature", "0.5D")
        .containsEntry("top_p", "0.9D")
        .containsEntry("top_k", "8")
        .containsEntry("min_p", "0.1D")
        .containsEntry("presence_penalty", "1.0D")
        .containsEntry("frequency_penalty", "-0.5D")
        .containsEntry("repetition_penalty", "1.25D")
        .containsEntry("logit_bias", "map(5, -100.0D, 7, 2.5D)")
        .containsEntry("seed", "-7L")
        .containsEntry("stop", "array('it\\'s', '\\\\n')")
        .containsEntry("stop_token_ids", "array(1, 2)")
        .containsEntry("ignore_eos", "true")
        .containsEntry("logprobs", "3")
        .hasSize(15);
    assertThat(params.stop()).isEqualTo(List.of("it's", "\\n"));
  }

  static List<Parameter<?>> parameters() {
    return Parameters.all();
  }

  @ParameterizedTest
  @MethodSource("parameters")
  <T> void isAnOptionUnlessTheTableSaysWhyNot(Parameter<T> parameter) {
    String name = "--" + parameter.name().replace('_', '-');
    if (parameter.hole(Surface.COMMAND_LINE).isPresent()) {
      assertThatThrownBy(() -> params(name)).isInstanceOf(UnmatchedArgumentException.class);
      return;
    }

    assertThat(params(arguments(name, parameter.example())))
        .isEqualTo(SamplingParams.builder().set(parameter, parameter.example()).build());
  }

  private static String[] arguments(String name, Object value) {
    if (value instanceof Boolean on) {
      return new String[] {on ? name : name.replaceFirst("--", "--no-")};
    }

    List<?> several = value instanceof List<?> list ? list : List.of(value);
    return several.stream().flatMap(each -> Stream.of(name, text(each))).toArray(String[]::new);
  }

  private static String text(Object value) {
    return value instanceof Map<?, ?> map
        ? map.toString().replaceAll("[{}]", "")
        : value.toString();
  }

  private static SamplingParams params(String... arguments) {
    CommandSpec command = new SamplingOptions().transform(CommandSpec.create());
    return SamplingOptions.params(new CommandLine(command).parseArgs(arguments));
  }
}
