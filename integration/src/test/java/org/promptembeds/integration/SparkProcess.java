package org.promptembeds.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM with Spark's jars alone, in the JVM options of the launcher; a thread reads its output. */
final class SparkProcess implements AutoCloseable {
  private static final String END = "<end of output>";
  private static final long PATIENCE_MINUTES = 5;

  private final Process process;
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final Queue<String> printed = new ConcurrentLinkedQueue<>();

  private SparkProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts {@code mainClass}; {@code home} is its {@code SPARK_HOME}, made if it is missing. */
  static SparkProcess start(Path home, String mainClass, List<String> arguments)
      throws IOException {
    Files.createDirectories(home.resolve("jars"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(Build.jvmOptions().split("\\s+")));
    command.addAll(List.of("-Xmx700m", "-cp", Build.sparkClassPath(), mainClass));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                home.toString(),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_LOCAL_DIRS",
                home.resolve("local").toString()));
    return new SparkProcess(builder.start());
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.add(line);
        unread.add(line);
      }
    } catch (IOException e) {
      printed.add(e.toString()); // the process was killed
    }

    unread.add(END);
  }

  /** Waits for a line that holds {@code text}, and returns it. */
  String awaitLine(String text) throws InterruptedException {
    while (true) {
      @Nullable String line = unread.poll(PATIENCE_MINUTES, TimeUnit.MINUTES);
      if (line == null || line.equals(END)) {
        throw new IllegalStateException(
            "no line with '%s' came of process %d: %s".formatted(text, process.pid(), output()));
      }

      if (line.contains(text)) {
        return line;
      }
    }
  }

  /** Waits until it has ended, and returns what it printed. */
  String finish() throws InterruptedException {
    for (String line = ""; !line.equals(END); ) {
      @Nullable String next = unread.poll(PATIENCE_MINUTES, TimeUnit.MINUTES);
      if (next == null) {
        throw new IllegalStateException(
            "process %d does not end: %s".formatted(process.pid(), output()));
      }

      line = next;
    }

    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "exit status %d: %s".formatted(process.exitValue(), output()));
    }

    return output();
  }

  /** Ends it, and the processes that it has started. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  private String output() {
    return String.join("\n", printed);
  }
}
