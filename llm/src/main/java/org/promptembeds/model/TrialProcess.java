package org.promptembeds.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Platform;
import com.google.gson.Gson;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.promptembeds.generation.BackendException;
import org.slf4j.LoggerFactory;

/** A JVM of its own, bounded in memory and time, in which a {@code tokenizer.json} is tried. */
record TrialProcess(Duration limit) {
  private static final String HEAP = "-Xmx512m";

  /** Of address space, in KiB: the heap, the JVM's own and what a large vocabulary takes. */
  private static final int MOST_KIBIBYTES = 12 << 20;

  private static final int MOST_OUTPUT = 500;

  /**
   * Tries a file.
   *
   * @throws BackendException if the process refuses it, dies of it or does not end
   */
  void run(Path file) {
    Path output = null;
    try {
      output = Files.createTempFile("prompt-embeds-trial", ".txt");
      Process process =
          new ProcessBuilder(command(file))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      judge(file, process, output);
    } catch (IOException e) {
      throw new BackendException(
          "%s cannot be tried in a JVM of its own: %s; set spark.promptembeds.tokenizerCheck to off to load it untried"
              .formatted(file, e.getMessage()),
          e);
    } finally {
      if (output != null) {
        var unused = output.toFile().delete();
      }
    }
  }

  private void judge(Path file, Process process, Path output) throws IOException {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new BackendException(
            "%s does not load, and tokenize short texts, within %d s: the file is damaged, or made to hang"
                .formatted(file, limit.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException(file + " was not tried to the end: interrupted", e);
    } finally {
      process.destroyForcibly();
    }

    int status = process.exitValue();
    if (status != 0) {
      String text = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
      String said = text.substring(0, Math.min(text.length(), MOST_OUTPUT));
      throw new BackendException(
          status == TokenizerTrial.REFUSED
              ? file + " cannot be opened: " + said
              : "%s ends the process that loads it (exit status %d): the file is damaged, or made to do so; it said: %s"
                  .formatted(file, status, said));
    }
  }

  private static List<String> command(Path file) throws IOException {
    List<String> command = new ArrayList<>();
    if (File.separatorChar == '/') {
      command.addAll(
          List.of(
              "/bin/sh",
              "-c",
              "ulimit -v " + MOST_KIBIBYTES + " 2>/dev/null; ulimit -c 0 2>/dev/null; exec \"$@\"",
              "sh"));
    }

    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-XX:ErrorFile=" + (File.separatorChar == '/' ? "/dev/null" : "NUL"));
    for (String property : List.of("DJL_CACHE_DIR", "ENGINE_CACHE_DIR", "java.io.tmpdir")) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }

    command.addAll(List.of("-cp", classPath(), TokenizerTrial.class.getName(), file.toString()));
    return command;
  }

  /** Where the classes are that the trial needs, whoever loaded them here. */
  private static String classPath() throws IOException {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            TokenizerTrial.class,
            HuggingFaceTokenizer.class,
            Platform.class,
            Gson.class,
            LoggerFactory.class)) {
      CodeSource source = needed.getProtectionDomain().getCodeSource();
      if (source == null) {
        throw new IOException("it is not known where " + needed.getName() + " comes from");
      }

      try {
        places.add(Path.of(source.getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
    }

    return String.join(File.pathSeparator, places);
  }
}
