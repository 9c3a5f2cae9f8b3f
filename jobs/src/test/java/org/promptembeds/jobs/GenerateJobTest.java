package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.InputFiles;
import org.promptembeds.jobs.files.InputSnapshot;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.options.FileOptions;
import picocli.CommandLine;

/** Reading, filtering and writing around a stand-in for the SQL function. */
class GenerateJobTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("GenerateJobTest")
            .config("spark.ui.enabled", "false")
            .config("spark.promptembeds.model", StandInBackend.MODEL)
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private RowCounters run(String... arguments) {
    FileOptions files = new FileOptions();
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    if (!all.contains("--output")) {
      all.addAll(List.of("--output", folder.resolve("out").toString()));
    }

    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files))
        .parseArgs(all.toArray(String[]::new));
    RowCounters counters = RowCounters.register(spark.sparkContext());
    Prompts prompts =
        Prompts.open(spark, files.inputFiles(), files.embedsColumn(), files.partitions());
    new GenerateJob(files, SamplingParams.builder().build()).write(prompts, counters);
    return counters;
  }

  private String tensors() throws IOException {
    Path file = folder.resolve("prompts.safetensors");
    new TensorFile()
        .add("third", 3, 2, 256)
        .add("first", 1, 1, 256)
        .add("bias", 9, 4)
        .add("bad", -1, 1, 256)
        .add("second", 2, 3, 256)
        .write(file);
    return file.toString();
  }

  private List<String> lines(String extension) throws IOException {
    try (Stream<Path> parts = Files.list(folder.resolve("out"))) {
      return parts
          .filter(part -> part.toString().endsWith(extension))
          .sorted()
          .flatMap(GenerateJobTest::linesOf)
          .toList();
    }
  }

  private static Stream<String> linesOf(Path part) {
    try {
      return Files.readAllLines(part).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
        Prompts.open(spark, files.inputFiles(), files.embedsColumn(), files.partitions());
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
    Prompts planned = Prompts.open(spark, InputFiles.find(List.of(file.toString())), "embeds", 0);
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
  void chatsAreToldToBeEmbeddedFirst() throws IOException {
    Path chats = folder.resolve("chats.jsonl");
    Files.writeString(
        chats, "{\"id\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run("--input", chats.toString()))
        .withMessage(
            "--input %s has messages and no embeddings: make them first, with prompt-embeds embed --model DIR --input %s --output prompts.parquet",
            chats, chats);
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
