package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.InputFiles;
import org.promptembeds.jobs.files.InputSnapshot;
import org.promptembeds.jobs.files.PromptChoice;
import org.promptembeds.jobs.files.PromptColumns;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.options.FileOptions;
import picocli.CommandLine;

/** Reading, filtering and writing around a stand-in for the model. */
class GenerateJobTest extends GenerateJobFixture {
  @Test
  void theQueryIsDescribedByItsCall() throws IOException, TimeoutException {
    run("--input", tensors(), "--on-error", "null");

    spark.sparkContext().listenerBus().waitUntilEmpty();
    assertThat(spark.sharedState().statusStore().executionsList().last().description())
        .isEqualTo(
            "SELECT generate_from_embeds_detail(embeds, hidden_size => hidden_size) FROM %s -> %s",
            folder.resolve("prompts.safetensors"), folder.resolve("out"));
  }

  /** Opens the input, lets {@code change} happen, and goes on as the command does. */
  private void runWhile(Path file, Change change) throws IOException {
    FileOptions files = new FileOptions();
    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files))
        .parseArgs(
            "--input",
            file.toString(),
            "--output",
            folder.resolve("out").toString(),
            "--on-error",
            "null");
    InputSnapshot snapshot =
        InputSnapshot.of(files.inputFiles(), spark.sessionState().newHadoopConf());
    Prompts prompts =
        Prompts.open(spark, files.inputFiles(), files.prompts().choice(), files.partitions());
    change.run();
    RowCounters counters = RowCounters.register(spark.sparkContext());
    try (GenerateJob job = new GenerateJob(files, SamplingParams.builder().build())) {
      job.write(prompts, counters);
      job.requireComplete(prompts, counters, snapshot);
    }
  }

  private interface Change {
    void run() throws IOException;
  }

  @Test
  void inputThatChangesUnderTheJobIsNoSuccess() throws IOException {
    Path file = Path.of(tensors());
    assertThatThrownBy(() -> runWhile(file, () -> new TensorFile().add("a", 1, 1, 4).write(file)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the input changed while the job ran: " + file)
        .hasMessageEndingWith("run it again once nothing writes to its input");
    assertThat(folder.resolve("out")).exists();
    assertThat(folder.resolve("out/_SUCCESS")).doesNotExist();
  }

  @Test
  void linesAddedUnderTheJobAreNoSuccess() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"embeds\": [[1.5]]}\n");
    assertThatThrownBy(
            () ->
                runWhile(file, () -> Files.writeString(file, "{\"embeds\": [[1.5]]}\n".repeat(2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a.jsonl (20 bytes then, 40 now)");
  }

  @Test
  void rowsThatDoNotComeOutAreNoSuccess() throws IOException {
    Path file = Path.of(tensors());
    Prompts planned =
        Prompts.open(
            spark, InputFiles.find(List.of(file.toString())), new PromptChoice(null, null), 0);
    FileOptions files = new FileOptions();
    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files))
        .parseArgs("--input", file.toString(), "--output", folder.resolve("out").toString());
    RowCounters counters = RowCounters.register(spark.sparkContext());
    counters.rows().add(3L);
    try (GenerateJob job = new GenerateJob(files, SamplingParams.builder().build())) {
      InputSnapshot snapshot =
          InputSnapshot.of(files.inputFiles(), spark.sessionState().newHadoopConf());
      assertThatThrownBy(() -> job.requireComplete(planned, counters, snapshot))
          .hasMessageStartingWith("5 rows were planned, but 3 came out");
    }
  }

  @Test
  void tensorsKeepTheirOrderAcrossPartitions() throws IOException {
    RowCounters counters =
        run(
            "--input",
            tensors(),
            "--format",
            "json",
            "--detail",
            "--on-error",
            "null",
            "--partitions",
            "3");

    assertThat(lines(".json"))
        .containsExactly(
            "{\"name\":\"third\",\"text\":\"3.0 3.0\",\"token_ids\":[3,3],\"finish_reason\":\"stop\",\"prompt_tokens\":2,\"completion_tokens\":2,\"error\":null}",
            "{\"name\":\"first\",\"text\":\"1.0\",\"token_ids\":[1],\"finish_reason\":\"stop\",\"prompt_tokens\":1,\"completion_tokens\":1,\"error\":null}",
            "{\"name\":\"bias\",\"text\":null,\"token_ids\":null,\"finish_reason\":null,\"prompt_tokens\":null,\"completion_tokens\":null,\"error\":\"file:%s: tensor \\\"bias\\\" has shape [4], not (seq_len, hidden_size) or (1, seq_len, hidden_size)\"}"
                .formatted(folder.resolve("prompts.safetensors")),
            "{\"name\":\"bad\",\"text\":null,\"token_ids\":null,\"finish_reason\":null,\"prompt_tokens\":null,\"completion_tokens\":null,\"error\":\"row '1 of partition 1, name bad': element is -1.0\"}",
            "{\"name\":\"second\",\"text\":\"2.0 2.0 2.0\",\"token_ids\":[2,2,2],\"finish_reason\":\"stop\",\"prompt_tokens\":3,\"completion_tokens\":3,\"error\":null}");
    assertThat(counters.rows().value()).isEqualTo(5);
    assertThat(counters.failed().value()).isEqualTo(2);
    assertThat(counters.tokens().value()).isEqualTo(6);
  }

  @Test
  void skipLeavesFailedRowsOut() throws IOException {
    RowCounters counters = run("--input", tensors(), "--format", "csv", "--on-error", "skip");

    assertThat(lines(".csv"))
        .containsExactly("name,text", "third,3.0 3.0", "first,1.0", "second,2.0 2.0 2.0");
    assertThat(counters.failed().value()).isEqualTo(2);
  }

  @Test
  void failNamesTheRow() {
    assertThatThrownBy(() -> run("--input", tensors()))
        .rootCause()
        .hasMessageStartingWith("row bias: file:")
        .hasMessageContaining("tensor \"bias\" has shape [4], not (seq_len, hidden_size)")
        .hasMessageEndingWith("(--on-error null or skip goes on without such rows)");
  }

  @Test
  void whatRowsCarryIsPassedByColumn() {
    FileOptions files = new FileOptions();
    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files))
        .parseArgs(
            "--input",
            "i",
            "--output",
            "o",
            "--missing-inputs",
            "as_text",
            "--prompt-inputs",
            "position_ids,token_ids=my ids");

    assertThat(
            GenerateJob.call(
                new PromptColumns.Embeds("embeds"), files, SamplingParams.builder().build()))
        .isEqualTo(
            "generate_from_embeds_detail(embeds, position_ids => `position_ids`, token_ids => `my"
                + " ids`, missing_inputs => 'as_text')");
    FileOptions unknown = new FileOptions();
    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(unknown))
        .parseArgs("--input", "i", "--output", "o", "--prompt-inputs", "positions");
    assertThatIllegalArgumentException()
        .isThrownBy(unknown::check)
        .withMessage(
            "--prompt-inputs: unknown 'positions', there are position_ids, bidirectional_spans,"
                + " deepstack_embeds, deepstack_rows, token_ids, tools, documents");
  }
}
