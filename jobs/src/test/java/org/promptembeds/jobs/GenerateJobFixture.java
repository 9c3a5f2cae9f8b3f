package org.promptembeds.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.options.FileOptions;
import picocli.CommandLine;

/** Runs the job of {@code generate} around a stand-in for the model, for tests. */
abstract class GenerateJobFixture {
  static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("generate")
            .config("spark.ui.enabled", "false")
            .config("spark.promptembeds.model", StandInBackend.MODEL)
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  final RowCounters run(String... arguments) {
    return run(SamplingParams.builder().build(), arguments);
  }

  final RowCounters run(SamplingParams params, String... arguments) {
    FileOptions files = new FileOptions();
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    if (!all.contains("--output")) {
      all.addAll(List.of("--output", folder.resolve("out").toString()));
    }

    Cli.commandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(files))
        .parseArgs(all.toArray(String[]::new));
    RowCounters counters = RowCounters.register(spark.sparkContext());
    Prompts prompts =
        Prompts.open(spark, files.inputFiles(), files.prompts().choice(), files.partitions());
    new GenerateJob(files, params).write(prompts, counters);
    return counters;
  }

  final String tensors() throws IOException {
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

  final List<String> lines(String extension) throws IOException {
    try (Stream<Path> parts = Files.list(folder.resolve("out"))) {
      return parts
          .filter(part -> part.toString().endsWith(extension))
          .sorted()
          .flatMap(GenerateJobFixture::linesOf)
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
}
