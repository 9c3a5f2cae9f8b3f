package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.options.FileOptions;
import org.promptembeds.jobs.options.SamplingOptions;
import picocli.CommandLine;

class SamplingOptionsTest {
  @Test
  void defaultsAreThoseOfTheConnector() {
    assertThat(new SamplingOptions().params()).isEqualTo(SamplingParams.builder().build());
  }

  @Test
  void defaultsNeedNoArguments() {
    assertThat(GenerateJob.call("`embeds`", new FileOptions(), SamplingParams.builder().build()))
        .isEqualTo("generate_from_embeds_detail(`embeds`)");
  }

  @Test
  void everyOptionReachesTheFunction() {
    SamplingOptions options = new SamplingOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("options", mixin(options)))
        .parseArgs(
            ("--max-tokens 9 --min-tokens 2 --temperature 0.5 --top-p 0.9 --top-k 8 --min-p 0.1"
                    + " --presence-penalty 1 --frequency-penalty -0.5 --repetition-penalty 1.25 --logit-bias 5=-100,7=2.5"
                    + " --seed -7 --stop it's --stop \\n --stop-token-ids 1,2 --ignore-eos --logprobs 3")
                .split(" "));

    assertThat(SamplingOptions.sqlArguments(options.params()))
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
        .hasSize(SamplingParams.class.getRecordComponents().length);
    assertThat(options.params().stop()).isEqualTo(List.of("it's", "\\n"));
  }

  private static CommandLine.Model.CommandSpec mixin(SamplingOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }
}
