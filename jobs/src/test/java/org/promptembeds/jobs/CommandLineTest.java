package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.generation.setting.ServerSettings;
import org.promptembeds.jobs.options.ModelOptions;
import org.promptembeds.jobs.options.ModelOptionsHelp;
import org.promptembeds.options.SparkOptions;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Help and usage errors, none of which start Spark. */
class CommandLineTest {
  @Test
  void helpNamesEveryCommandAndTheExitStatus() {
    CommandLineRun run = CommandLineRun.of("--help");

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("sql", "PROMPT_EMBEDS_MASTER", "Exit status: 0");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    for (String name : Cli.commandLine(new PromptEmbeds()).getSubcommands().keySet()) {
      CommandLineRun run = CommandLineRun.of(name, "--help");

      assertThat(run.status()).as(name).isZero();
      assertThat(run.out()).as(name).contains("Usage: prompt-embeds " + name, "Example");
      assertThat(run.out().lines()).as(name).allMatch(line -> line.length() <= 100);
    }
  }

  @Test
  void helpSaysOfTheEngineWhatTheReferenceSays() {
    for (Object command : List.of(new Generate(), new Serve(), new Bench())) {
      CommandSpec spec = Cli.commandLine(command).getCommandSpec();
      for (String option : ModelOptions.names()) {
        assertThat(spec.findOption("--" + option).description())
            .as("%s --%s", spec.name(), option)
            .containsExactly(ModelOptionsHelp.help(ModelOptions.configured(option)));
      }
    }
  }

  @Test
  void everySettingOfModelsIsAnOption() {
    List<String> settings =
        ModelSettings.table().stream()
            .filter(setting -> !setting.equals(ServerSettings.API_KEY_ENV)) // of serve, its own
            .map(setting -> SparkOptions.PREFIX + setting.name())
            .toList();

    assertThat(ModelOptions.names())
        .extracting(name -> ModelOptions.configured(name).key())
        .containsExactlyInAnyOrderElementsOf(settings);
  }

  @Test
  void versionNamesSparkAndJava() {
    CommandLineRun run = CommandLineRun.of("--version");

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("prompt-embeds ").contains("Spark 4", "Java ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                       | prompt-embeds: Missing required subcommand
          sqll                     | Unmatched argument at index 0: 'sqll'; did you mean sql?
          sql --modle x -e y       | Unknown options: '--modle', 'x'; did you mean --model?
          sql                      | Missing required argument (specify one of these): (-e=SQL | -f=FILE)
          sql -e x -f y            | -e=SQL, -f=FILE are mutually exclusive
          sql -e x --max-rows many | Invalid value for option '--max-rows': 'many' is not an int
          sql -e x --format xml    | expected one of [TABLE, CSV, JSON]
          sql -f /no/such.sql      | -f: cannot read /no/such.sql
          generate                 | Missing required argument(s)
          generate --model . --input /no/such.parquet --output o | /no/such.parquet does not exist
          generate --model . --input bin --output o | holds no files ending in .safetensors
          generate --model . --input /a --output o --max-tokens 0 --top-p 2 | max_tokens must be at least 1, got 0; top_p must be in (0, 1], got 2.0
          generate --model . --input . --output o --dtype int3 --cpu-threads x | ; --cpu-threads must be an integer
          generate --model /no/model --input . --output o | --model: /no/model is not a folder
          generate --model . --input . --output o --partitions -3 | --partitions must be at least 1, or 0 to go by size, got -3
          serve --model . --max-sequences 9 --max-step-tokens 5 | --max-step-tokens must be at least --max-sequences (9), got 5
          bench --model s3a://b/m --input x | --model: s3a://b/m is not on this machine
          generate --model . --input /a --output o --format xml | expected one of [PARQUET, JSON, CSV, ORC]
          generate --model . --input /a --output o --temprature 1 | did you mean --temperature?
          """)
  void usageErrorsAreOneLineAndStatusTwo(String arguments, String message) {
    CommandLineRun run =
        CommandLineRun.of(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(run.status()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.err().lines()).singleElement().asString().contains(message, "--help)");
    assertThat(run.out()).isEmpty();
  }
}
