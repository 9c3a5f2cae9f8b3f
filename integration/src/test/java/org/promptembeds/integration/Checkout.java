package org.promptembeds.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder that looks like the checkout, its files being links, in which what a document says is
 * run; what it starts is stopped when this is closed.
 */
final class Checkout implements AutoCloseable {
  private static final long PATIENCE_MINUTES = 10;
  private static final String IMPORTS =
      """
      import java.util.*;
      import org.apache.spark.ml.*;
      import org.apache.spark.sql.*;
      import org.promptembeds.ml.*;
      """;

  private final Path folder;
  private final List<Process> servers = new ArrayList<>();

  Checkout(Path folder) throws IOException {
    this.folder = folder;
    for (Path file : files(Build.root())) {
      Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
    }
  }

  private static List<Path> files(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.sorted().toList();
    }
  }

  /** The names of what commands have left here. */
  List<String> left() throws IOException {
    return files(folder).stream()
        .filter(file -> !Files.isSymbolicLink(file))
        .map(file -> file.getFileName().toString())
        .toList();
  }

  /** Runs a script of bash, or starts it if it is a server's. */
  void bash(DocumentedBlock block) throws IOException, InterruptedException {
    List<String> command = List.of("bash", "-euo", "pipefail", "-c", block.text());
    if (!block.isServer()) {
      run(block.line(), command, "");
      return;
    }

    Process server =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    servers.add(server);
    List<String> lines = new ArrayList<>();
    for (String line = ""; !line.startsWith("serving "); lines.add(line)) {
      line = server.inputReader().readLine();
      if (line == null) {
        throw new IllegalStateException("line %d: %s".formatted(block.line(), lines));
      }
    }
  }

  /** Runs statements in one session on the example's model. */
  void sql(List<DocumentedBlock> blocks) throws IOException, InterruptedException {
    String statements =
        blocks.stream().map(DocumentedBlock::text).collect(Collectors.joining("\n;\n"));
    run(
        blocks.get(0).line(),
        List.of(
            "jobs/bin/prompt-embeds", "sql", "--model", "examples/models/tiny-chat", "-f", "-"),
        statements);
  }

  /** Compiles and runs pieces of Java, each a method with a session at hand. */
  void java(List<DocumentedBlock> blocks) throws IOException, InterruptedException {
    String methods =
        blocks.stream()
            .map(
                block ->
                    "static void line%d(SparkSession spark) throws Exception {\n%s\n}\n"
                        .formatted(block.line(), block.text()))
            .collect(Collectors.joining());
    String calls =
        blocks.stream()
            .map(block -> "line%d(spark);\n".formatted(block.line()))
            .collect(Collectors.joining());
    Path source = Files.createTempDirectory("snippets").resolve("Snippets.java");
    Files.writeString(
        source,
        IMPORTS
            + "class Snippets {\n"
            + methods
            + "public static void main(String[] args) throws Exception {\n"
            + "try (SparkSession spark = SparkSession.builder().master(\"local[2]\")"
            + ".config(\"spark.promptembeds.model\", \"examples/models/tiny-chat\")"
            + ".config(\"spark.sql.warehouse.dir\", args[0]).getOrCreate()) {\n"
            + calls
            + "}}}\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(Build.jvmOptions().split("\\s+")));
    command.addAll(
        List.of(
            "-Xmx2g",
            "-cp",
            Build.bundle() + ":" + Build.launcherClassPath(),
            source.toString(),
            source.resolveSibling("warehouse").toString()));
    run(blocks.get(0).line(), command, "");
  }

  private void run(int line, List<String> command, String input)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("output", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }

    boolean hasEnded = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    if (!hasEnded || process.exitValue() != 0) {
      stop(process);
      throw new IllegalStateException(
          "line %d %s: %s"
              .formatted(
                  line,
                  hasEnded ? "ends with status " + process.exitValue() : "does not end",
                  lastLines(output)));
    }
  }

  private static String lastLines(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output);
    return IntStream.range(Math.max(0, lines.size() - 30), lines.size())
        .mapToObj(lines::get)
        .collect(Collectors.joining("\n"));
  }

  private static void stop(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  @Override
  public void close() {
    servers.forEach(Checkout::stop);
  }
}
