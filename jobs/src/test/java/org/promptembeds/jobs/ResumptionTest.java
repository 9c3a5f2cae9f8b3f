package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.FolderLease;
import org.promptembeds.jobs.files.InputSnapshot;
import org.promptembeds.jobs.files.OutputFormat;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.options.FileOptions;
import picocli.CommandLine;

/** What {@code --resume} leaves out, adds and refuses. */
class ResumptionTest {
  /** Keys that every format has to bring back as they were. */
  private static final List<String> KEYS =
      List.of(
          "plain", "", " spaces ", "a,b", "\"quoted\"", "two\nlines", "back\\slash", "null", "1.0");

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("ResumptionTest")
            .config("spark.ui.enabled", "false")
            .config("spark.promptembeds.model", StandInBackend.MODEL)
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  private static FileOptions options(String... arguments) {
    FileOptions files = new FileOptions();
    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files)).parseArgs(arguments);
    files.check();
    return files;
  }

  /** Runs with {@code --resume} and returns how many rows went through the function. */
  private long resume(String model, String input, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--resume", "--input", input, "--output", out()));
    arguments.addAll(Arrays.asList(more));
    FileOptions files = options(arguments.toArray(String[]::new));
    RowCounters counters = RowCounters.register(spark.sparkContext());
    InputSnapshot snapshot =
        InputSnapshot.of(files.inputFiles(), spark.sessionState().newHadoopConf());
    try (GenerateJob job = new GenerateJob(files, SamplingParams.builder().build())) {
      Prompts rest =
          job.unfinished(
              spark,
              Prompts.open(spark, files.inputFiles(), files.prompts().choice(), files.partitions()),
              Map.of("model", model));
      if (rest.count() != 0) {
        job.write(rest, counters);
        job.requireComplete(rest, counters, snapshot);
      }
    }

    return counters.rows().value();
  }

  private String table(String name, List<String> keys) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      rows.add(RowFactory.create(keys.get(i), new float[][] {{i}}));
    }

    String path = folder.resolve(name).toString();
    spark
        .createDataFrame(rows, StructType.fromDDL("id string, embeds array<array<float>>"))
        .coalesce(1)
        .write()
        .parquet(path);
    return path;
  }

  private String tensors(String name, int from, int to, int bad) throws IOException {
    TensorFile file = new TensorFile();
    for (int i = from; i < to; i++) {
      file.add("row" + i, i == bad ? -1 : i, 1, 1024);
    }

    Path path = folder.resolve(name);
    file.write(path);
    return path.toString();
  }

  private List<String> keys(OutputFormat format, String column) {
    DataFrameReader reader = spark.read().format(format.sparkName());
    return reader
        .option("header", "true")
        .option("escape", "\"")
        .option("nullValue", "\u0000")
        .option("multiLine", String.valueOf(format == OutputFormat.CSV))
        .load(out())
        .select(column)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void onlyMissingRowsAreAdded(OutputFormat format) {
    String some = table("some", KEYS.subList(0, 5));
    String all = table("all", KEYS);
    String[] as = {"--format", format.name()};

    assertThat(resume("m", some, as)).isEqualTo(5);
    assertThat(resume("m", all, as)).isEqualTo(KEYS.size() - 5);
    assertThat(resume("m", all, as)).isZero();
    assertThat(keys(format, "id")).containsExactlyInAnyOrderElementsOf(KEYS);
  }

  @Test
  void tasksThatEndedBeforeAFailureAreKept() throws IOException {
    String broken = tensors("prompts.safetensors", 0, 8, 7);
    assertThatThrownBy(() -> resume("m", broken, "--partitions", "8"))
        .hasStackTraceContaining("element is -1.0");
    List<String> kept = keys(OutputFormat.PARQUET, "name");
    assertThat(kept).isNotEmpty().doesNotContain("row7");

    assertThat(resume("m", broken, "--partitions", "8", "--on-error", "null"))
        .isEqualTo(8 - kept.size());
    assertThat(keys(OutputFormat.PARQUET, "name"))
        .containsExactlyInAnyOrder("row0", "row1", "row2", "row3", "row4", "row5", "row6", "row7");
  }

  @Test
  void leftoversOfTasksDoNotCount() throws IOException {
    String prompts = tensors("prompts.safetensors", 0, 2, -1);
    Path leftover = folder.resolve("out/_temporary/0/task_7");
    Files.createDirectories(leftover);
    Files.writeString(leftover.resolve("part-00000.snappy.parquet"), "half a file");

    assertThat(resume("m", prompts)).isEqualTo(2);
    assertThat(folder.resolve("out/_temporary")).doesNotExist();
  }

  @Test
  void completeFolderIsMarked() throws IOException {
    String prompts = tensors("prompts.safetensors", 0, 2, -1);
    resume("m", prompts);
    Path success = folder.resolve("out/_SUCCESS");
    Files.delete(success);

    assertThat(resume("m", prompts)).isZero();
    assertThat(success).exists();
  }

  @Test
  void keysMustBeUniqueAndThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("m", table("twice", List.of("a", "b", "a"))))
        .withMessage("--resume needs a different key in every row: column 'id' has 'a' in 2 rows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("m", table("none", Arrays.asList("a", null))))
        .withMessage("--resume needs a different key in every row: column 'id' has NULL in 1 row");
  }

  /** The row that stands for a damaged file has no tensor's name, and goes by the file's. */
  @Test
  void damagedFilesAreRowsOfTheirOwn() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    tensors("input/good.safetensors", 0, 3, -1);
    Path damaged = Files.writeString(input.resolve("damaged.safetensors"), "not a tensor");

    assertThat(resume("m", input.toString(), "--on-error", "null")).isEqualTo(4);
    assertThat(keys(OutputFormat.PARQUET, "name"))
        .containsExactlyInAnyOrder("row0", "row1", "row2", "file:" + damaged);
    assertThat(resume("m", input.toString(), "--on-error", "null")).isZero();

    tensors("input/more.safetensors", 3, 5, -1);
    Files.writeString(input.resolve("second.safetensors"), "");
    assertThat(resume("m", input.toString(), "--on-error", "null")).isEqualTo(3);
    assertThat(keys(OutputFormat.PARQUET, "name")).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void otherOptionsAreRefused() throws IOException {
    String prompts = tensors("prompts.safetensors", 0, 2, -1);
    resume("m", prompts);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("other", prompts, "--detail"))
        .withMessageContaining("detail was false, is true; model was m, is other");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("m", prompts, "--format", "json"))
        .withMessageContaining("which is no json file: choose another --output or --format");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> options("--resume", "--mode", "overwrite", "--input", "i", "--output", "o"))
        .withMessageStartingWith("--resume adds to the output folder and cannot go with");
  }

  @Test
  void oneRunAtATimeWritesToAFolder() throws IOException {
    String prompts = tensors("prompts.safetensors", 0, 2, -1);
    Path out = folder.resolve("out");
    FileSystem local = FileSystem.getLocal(spark.sparkContext().hadoopConfiguration());
    try (FolderLease lease =
        FolderLease.take(
            local, new org.apache.hadoop.fs.Path(out.toUri()), Clock.systemUTC(), () -> {})) {
      lease.requireHeld();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> resume("m", prompts))
          .withMessageStartingWith("--resume: another run writes to " + out);
    }

    assertThat(resume("m", prompts)).isEqualTo(2);
    assertThat(out.resolve("_prompt_embeds_lease")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void keysThatTwoRunsWroteAreNoticed(OutputFormat format) throws IOException {
    String prompts = tensors("prompts.safetensors", 0, 2, -1);
    String[] as = {"--format", format.name()};
    resume("m", prompts, as);
    try (Stream<Path> content = Files.list(folder.resolve("out"))) {
      for (Path part :
          content.filter(file -> file.getFileName().toString().startsWith("part-")).toList()) {
        Files.copy(part, part.resolveSibling("again-" + part.getFileName()));
      }
    }

    assertThatIllegalStateException()
        .isThrownBy(() -> resume("m", prompts, as))
        .withMessageContaining("out holds 2 rows whose 'name' is 'row");
  }

  @Test
  void inputWithoutAKeyIsRefused() throws IOException {
    Path file = folder.resolve("prompts.jsonl");
    Files.writeString(file, "{\"embeds\": [[1.5, 0]]}\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("m", file.toString()))
        .withMessageContaining("choose one with --id-column");
    try (Stream<Path> content = Files.list(folder)) {
      assertThat(content).containsExactly(file);
    }
  }
}
