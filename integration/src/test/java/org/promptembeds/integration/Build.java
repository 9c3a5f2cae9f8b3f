package org.promptembeds.integration;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the other modules have built, and the examples. */
final class Build {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path LAUNCHER = ROOT.resolve("jobs/target/launcher");

  private Build() {}

  /** The jars of Spark, and those that a Connect server has besides. */
  static String sparkClassPath() throws IOException {
    String classPath = launcherClassPath();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target/connect-server"))) {
      for (Path jar : jars) {
        classPath += File.pathSeparator + jar.toAbsolutePath();
      }
    }

    return classPath;
  }

  /** The jars of the launcher's Spark. */
  static String launcherClassPath() throws IOException {
    return Files.readString(LAUNCHER.resolve("spark.classpath")).strip();
  }

  /** The checkout. */
  static Path root() {
    return ROOT;
  }

  static String jvmOptions() throws IOException {
    return Files.readString(LAUNCHER.resolve("jvm.options")).strip();
  }

  static Path bundle() {
    return jar("bundle/target", "spark-prompt-embeds-bundle_*.jar");
  }

  static Path jobs() {
    return jar("jobs/target", "spark-prompt-embeds-jobs_*.jar");
  }

  private static Path jar(String folder, String pattern) {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(ROOT.resolve(folder), pattern)) {
      return jars.iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file or folder of the examples. */
  static String example(String path) {
    return ROOT.resolve("examples").resolve(path).toString();
  }
}
