package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.jobs.options.FileOptions;
import picocli.CommandLine;

/** Prompts that get several outputs each. */
class GenerateOutputsTest extends GenerateJobFixture {
  private static final SamplingParams TWO =
      SamplingParams.builder().temperature(1).seed(7L).set(SearchParameters.N, 2).build();

  @Test
  void outputsAreArraysOfOneRow() throws IOException {
    RowCounters counters =
        run(
            TWO,
            "--input",
            tensors(),
            "--format",
            "json",
            "--detail",
            "--on-error",
            "null",
            "--partitions",
            "1");

    assertThat(lines(".json"))
        .hasSize(5)
        .contains(
            "{\"name\":\"third\",\"text\":[\"3.0 3.0 seed 7\",\"3.0 3.0 seed 8\"],\"token_ids\":[[3,3],[3,3]],\"finish_reason\":[\"stop\",\"stop\"],\"prompt_tokens\":2,\"completion_tokens\":[2,2],\"error\":null}",
            "{\"name\":\"bad\",\"text\":[null],\"token_ids\":[null],\"finish_reason\":[null],\"prompt_tokens\":null,\"completion_tokens\":[null],\"error\":\"row '3 of partition 0, name bad': element is -1.0\"}");
    assertThat(counters.rows().value()).isEqualTo(5);
    assertThat(counters.failed().value()).isEqualTo(2);
    assertThat(counters.tokens().value()).isEqualTo(2 * (2 + 1 + 3));
  }

  @Test
  void eachOutputHasARowIfAskedFor() throws IOException {
    RowCounters counters =
        run(
            TWO,
            "--input",
            tensors(),
            "--format",
            "csv",
            "--outputs",
            "rows",
            "--on-error",
            "skip",
            "--partitions",
            "1");

    assertThat(lines(".csv"))
        .containsExactly(
            "name,output,text",
            "third,0,3.0 3.0 seed 7",
            "third,1,3.0 3.0 seed 8",
            "first,0,1.0 seed 7",
            "first,1,1.0 seed 8",
            "second,0,2.0 2.0 2.0 seed 7",
            "second,1,2.0 2.0 2.0 seed 8");
    assertThat(counters.rows().value()).isEqualTo(5);
    assertThat(counters.tokens().value()).isEqualTo(2 * (2 + 1 + 3));
  }

  @Test
  void rowsThatSayWhyTheyFailedHaveNoNumber() throws IOException {
    run(
        TWO,
        "--input",
        tensors(),
        "--format",
        "json",
        "--outputs",
        "rows",
        "--detail",
        "--on-error",
        "null");

    assertThat(lines(".json"))
        .hasSize(2 * 3 + 2)
        .filteredOn(line -> line.contains("bias"))
        .singleElement()
        .asString()
        .contains("\"output\":null,\"text\":null", "has shape [4]");
  }

  @Test
  void aRunThatResumesTellsRowsApartByTheirKeys() {
    FileOptions files = new FileOptions();
    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files))
        .parseArgs("--input", "a.npy", "--output", "out", "--outputs", "rows", "--resume");
    assertThatThrownBy(files::check).hasMessageContaining("cannot go with --outputs rows");
  }
}
