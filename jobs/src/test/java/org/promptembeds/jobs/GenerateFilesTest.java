package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code generate} reads and writes in each format. */
class GenerateFilesTest extends GenerateJobFixture {
  @Test
  void csvHoldsArraysAsJson() throws IOException {
    run("--input", tensors(), "--format", "csv", "--detail", "--on-error", "skip");

    assertThat(lines(".csv"))
        .startsWith(
            "name,text,token_ids,finish_reason,prompt_tokens,completion_tokens,error",
            "third,3.0 3.0,\"[3,3]\",stop,2,2,");
  }

  @Test
  void tablesKeepTheOrderOfTheirFilesAndTheirKey() throws IOException {
    for (int i = 0; i < 2; i++) {
      spark
          .sql(
              "SELECT concat('row', id) AS id, array(array(cast(id AS float))) AS vectors"
                  + " FROM range(%d, %d)".formatted(100 * i, 100 * i + 3 + 60 * i))
          .coalesce(1)
          .write()
          .parquet(folder.resolve(i + ".parquet").toString());
    }

    RowCounters counters =
        run("--input", folder + "/0.parquet", folder + "/1.parquet", "--embeds-column", "vectors");

    List<Row> rows =
        spark.read().parquet(folder.resolve("out").toString()).orderBy("id").collectAsList();
    assertThat(rows).hasSize(66);
    assertThat(rows.get(0).getString(0)).isEqualTo("row0");
    assertThat(rows.get(0).getString(1)).isEqualTo("0.0");
    assertThat(counters.rows().value()).isEqualTo(66);
  }

  @Test
  void jsonLinesAreATable() throws IOException {
    Path file = folder.resolve("prompts.jsonl");
    Files.writeString(
        file,
        """
        {"name": "a", "embeds": [[1.5, 0], [2, 0]]}
        {"name": "b", "embeds": null}
        """);

    run("--input", file.toString(), "--format", "json");

    assertThat(lines(".json"))
        .containsExactly("{\"name\":\"a\",\"text\":\"1.5 2.0\"}", "{\"name\":\"b\",\"text\":null}");
  }

  @Test
  void aLineThatIsNotJsonIsAFailedRow() throws IOException {
    Path good = folder.resolve("0.jsonl");
    Files.writeString(good, "{\"name\": \"a\", \"embeds\": [[1.5]]}\n");
    Path damaged = folder.resolve("1.jsonl");
    Files.writeString(
        damaged,
        """
        {"name": "b", "embeds": [[2]]}
        {"name": "c", "embeds": [[3
        {"name": "d", "embeds": [[4]]}
        """);
    String error = damaged + ": a line is not a JSON object: {\"name\": \"c\", \"embeds\": [[3";
    String[] input = {"--input", good.toString(), damaged.toString(), "--format", "json"};

    assertThatThrownBy(() -> run(input))
        .rootCause()
        .hasMessage("a row: " + error + " (--on-error null or skip goes on without such rows)");

    RowCounters counters = run(with(input, "--detail", "--on-error", "null"));
    assertThat(counters.rows().value()).isEqualTo(4);
    assertThat(counters.failed().value()).isEqualTo(1);
    assertThat(lines(".json"))
        .hasSize(4)
        .element(2)
        .asString()
        .startsWith("{\"name\":null,\"text\":null,")
        .endsWith("\"error\":\"%s\"}".formatted(error.replace("\"", "\\\"")));

    counters = run(with(input, "--on-error", "skip", "--mode", "overwrite"));
    assertThat(counters.failed().value()).isEqualTo(1);
    assertThat(lines(".json"))
        .containsExactly(
            "{\"name\":\"a\",\"text\":\"1.5\"}",
            "{\"name\":\"b\",\"text\":\"2.0\"}",
            "{\"name\":\"d\",\"text\":\"4.0\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"abc\"",
        "5",
        "{}",
        "{\"a\": 1}",
        "true",
        "[[true]]",
        "[true]",
        "[\"x\"]",
        "[[\"x\", 1]]",
        "[1.5, [2]]",
        "[[[1.5]]]",
        "[{}]"
      })
  void aLineWithEmbedsOfAnotherTypeIsOneFailedRow(String other) throws IOException {
    Path file = folder.resolve("a.jsonl");
    Files.writeString(
        file,
        """
        {"name": "a", "embeds": %s}
        {"name": "b", "embeds": [[1.5, 0], [2, 0]]}
        {"name": "c", "embeds": [[3, 4]]}
        """
            .formatted(other));

    RowCounters counters =
        run("--input", file.toString(), "--format", "json", "--detail", "--on-error", "null");

    assertThat(counters.failed().value()).isEqualTo(1);
    assertThat(lines(".json"))
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).contains("a.jsonl: a line has 'embeds' of another"))
        .anySatisfy(line -> assertThat(line).contains("\"b\",\"text\":\"1.5 2.0\""))
        .anySatisfy(line -> assertThat(line).contains("\"c\",\"text\":\"3.0\""));
  }

  @Test
  void aFlatLineAmongOddOnesStaysFlat() throws IOException {
    Path file = folder.resolve("a.jsonl");
    Files.writeString(
        file,
        """
        {"name": "a", "embeds": ["x"]}
        {"name": "b", "embeds": [1.5, 0]}
        """);

    run("--input", file.toString(), "--format", "json", "--detail", "--on-error", "null");

    assertThat(lines(".json"))
        .anySatisfy(line -> assertThat(line).contains("name b': a flat array needs a model whose"));
  }

  @Test
  void aDamagedParquetFileIsNamed() throws IOException {
    String table = folder.resolve("table.parquet").toString();
    spark
        .sql("SELECT string(id) AS id, array(array(cast(id AS float))) AS embeds FROM range(99)")
        .coalesce(1)
        .write()
        .option("compression", "none")
        .parquet(table);
    Path file;
    try (Stream<Path> files = Files.list(Path.of(table))) {
      file = files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }

    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, 400, (byte) 0xff);
    Files.write(file, bytes);
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    assertThatThrownBy(() -> run("--input", table))
        .satisfies(
            error ->
                assertThat(Cli.told(error))
                    .contains(file.getFileName().toString())
                    .doesNotContain("\n"));

    Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
    assertThatThrownBy(() -> run("--input", table))
        .satisfies(error -> assertThat(Cli.told(error)).contains(file.getFileName().toString()));
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void whatCannotBeAPromptIsRefused() throws IOException {
    String chat = "{\"messages\": [{\"role\": \"user\", \"content\": %s}]}\n";
    Path mixed =
        Files.writeString(
            folder.resolve("parts.jsonl"),
            chat.formatted("\"hi\"") + chat.formatted("[{\"type\": \"text\", \"text\": \"hot\"}]"));
    Path other = Files.writeString(folder.resolve("a.jsonl"), "{\"body\": \"hot\"}\n");
    assertRefused(
        other,
        " has none of the columns embeds, prompt_embeds, messages, prompt, text, only body: name that of the prompts"
            + " with --embeds-column or --prompt-column");
    assertRefused(
        other,
        "--prompt-column: the input has no column 'question', only body",
        "--prompt-column",
        "question");
    assertRefused(
        other,
        "--embeds-column a and --prompt-column b are two prompts: leave out one of them",
        "--embeds-column",
        "a",
        "--prompt-column",
        "b");
    assertRefused(
        Path.of(tensors()),
        "--prompt-column body: %s has tensors, and no texts".formatted(tensors()),
        "--prompt-column",
        "body");
    assertRefused(mixed, ": the content of some messages is a text, and of others a list of parts");
  }

  private void assertRefused(Path input, String message, String... options) {
    String[] arguments = with(new String[] {"--input", input.toString()}, options);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(arguments))
        .withMessageContaining(message);
  }

  @Test
  void anUnknownColumnIsRefusedWithThoseThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run("--input", tensors(), "--id-column", "key"))
        .withMessage(
            "--id-column: the input has no column 'key', only name, embeds, seq_len, hidden_size, path");
  }

  @Test
  void theOutputMustNotHoldTheInput() throws IOException {
    String file = tensors();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run("--input", file, "--output", folder.toString()))
        .withMessageContaining("choose another folder");
  }
}
