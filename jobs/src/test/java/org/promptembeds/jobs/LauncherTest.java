package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code jobs/bin/prompt-embeds}, in a checkout whose Maven writes empty jars and whose
 * Java prints what it is called with.
 */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; else printf '%s\\n' "$@"; fi
      """;
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$@" >> calls
      echo '[INFO] Building spark-prompt-embeds 0.1.0-SNAPSHOT                 [1/2]'
      echo '[INFO] Downloading from central: https://host/repo/small.jar'
      echo '[INFO] Downloaded from central: https://host/repo/small.jar (14 kB at 2.0 MB/s)'
      echo '[INFO] Building spark-prompt-embeds jobs 0.1.0-SNAPSHOT            [2/2]'
      echo '[INFO] --- shade:3.6.1:shade (with-command-line-parser) @ jobs_2.13 ---'
      echo '[INFO] Downloaded from central: https://host/repo/pytorch-native-cpu.jar (92 MB at 9.0 MB/s)'
      if [ -f broken ]; then echo '[ERROR] Example.java:[7,3] does not compile'; exit 1; fi
      mkdir -p bundle/target jobs/target/launcher
      touch bundle/target/spark-prompt-embeds-bundle_2.13-0.1.jar
      touch jobs/target/spark-prompt-embeds-jobs_2.13-0.1.jar spark.jar
      echo "$PWD/spark.jar" > jobs/target/launcher/spark.classpath
      echo '0.1 4.2.0 2.13' > jobs/target/launcher/built
      """;

  @TempDir private Path home;

  private record Run(int status, String out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    for (String file : List.of("jobs/bin/prompt-embeds", "docs/commands.md", "pom.xml")) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.copy(Path.of("..").resolve(file), home.resolve(file));
    }

    Files.writeString(home.resolve("jobs/pom.xml"), "");
    script("jdk/bin/java", JAVA);
    script("jdk/bin/javac", JAVA);
    script("mvnw", MAVEN);
  }

  private void script(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Run run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", "jobs/bin/prompt-embeds"));
    command.addAll(Arrays.asList(arguments));
    Path err = home.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("PROMPT_EMBEDS.*|SPARK_HOME"));
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, Files.readString(err));
  }

  private Run run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  private boolean wasBuilt() {
    return Files.exists(home.resolve("calls"));
  }

  @Test
  void helpIsPrintedWithoutABuild() throws IOException, InterruptedException {
    assertThat(run("--help").out())
        .startsWith("Usage: prompt-embeds [-hV] COMMAND")
        .contains("Exit status: 0");
    assertThat(run("sql", "--format", "csv", "-h").out())
        .startsWith("Usage: prompt-embeds sql")
        .contains("--max-rows=N")
        .doesNotContain("```");
    assertThat(run("--version").out())
        .matches("prompt-embeds [0-9.]+(-SNAPSHOT)? \\(not built yet\\)\n");
    Run none = run();
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).isEqualTo("prompt-embeds: which command? (see prompt-embeds --help)\n");
    assertThat(wasBuilt()).isFalse();
  }

  @Test
  void aBuildShowsWhatItDoes() throws IOException, InterruptedException {
    Run run = run("demo");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err().lines())
        .containsExactly(
            "prompt-embeds: building (./mvnw package); the first time this downloads Spark and PyTorch, about 600 MB",
            "prompt-embeds: [1/2] spark-prompt-embeds",
            "prompt-embeds: [2/2] spark-prompt-embeds jobs",
            "prompt-embeds: downloaded pytorch-native-cpu.jar (92 MB)");
    assertThat(run("demo").err()).isEmpty();
  }

  @Test
  void whatAReleaseHasBesideTheJarsIsNotTakenForThem() throws IOException, InterruptedException {
    assertThat(run("demo").status()).isZero();
    for (String other : List.of("javadoc", "sources")) {
      Files.writeString(
          home.resolve("jobs/target/spark-prompt-embeds-jobs_2.13-0.1-%s.jar".formatted(other)),
          "");
    }

    assertThat(run("demo").out()).contains("/spark-prompt-embeds-jobs_2.13-0.1.jar\n");
  }

  @Test
  void onATerminalABuildIsALineThatChanges() throws IOException, InterruptedException {
    Run run = run(Map.of("PROMPT_EMBEDS_TERMINAL", "90"), "demo");

    assertThat(run.err())
        .contains("\rprompt-embeds: [1/2] spark-prompt-embeds downloading small.jar")
        .contains("\rprompt-embeds: [2/2] spark-prompt-embeds jobs shade:3.6.1:shade, 1 files")
        .endsWith("\r\033[K");
  }

  @Test
  void aFailedBuildSaysWhy() throws IOException, InterruptedException {
    Files.writeString(home.resolve("broken"), "");

    Run run = run("demo");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("  Example.java:[7,3] does not compile\n")
        .endsWith(
            "all it said is in %s\n"
                .formatted(home.toRealPath().resolve("jobs/target/launcher/build.log")));
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql --master local-cluster[2,1,1024] -e x",
        "sql --master=local-cluster[2,1,1024] -e x",
        "--conf spark.master=local-cluster[2,1,1024]",
        "generate --conf=spark.master=local-cluster[2,1,1024]"
      })
  void executorsOfALocalClusterFindSpark(String arguments)
      throws IOException, InterruptedException {
    Run run = run(arguments.split(" "));

    assertThat(run.out().lines())
        .as(run.err())
        .containsSequence("--master", "local-cluster[2,1,1024]")
        .containsSequence(
            "--conf", "spark.executor.extraClassPath=" + home.toRealPath().resolve("spark.jar"));
  }

  @Test
  void anotherMasterIsHandedToSparkAsItIs() throws IOException, InterruptedException {
    assertThat(run(Map.of("PROMPT_EMBEDS_MASTER", "local[3]"), "demo").out().lines())
        .containsSequence("--master", "local[3]");
    assertThat(
            run(Map.of("PROMPT_EMBEDS_MASTER", "local[3]"), "demo", "--master", "spark://h:7077")
                .out()
                .lines())
        .containsSequence("--master", "spark://h:7077")
        .noneMatch(line -> line.startsWith("spark.executor.extraClassPath"));
    assertThat(run("sql", "-e", "--master=x", "-e", "-h").out().lines())
        .containsSequence("--master", "local[*]");
  }

  @Test
  void aMasterThatNeedsADistributionIsRefused() throws IOException, InterruptedException {
    Run run = run("demo", "--master", "yarn");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("master yarn needs a Spark distribution: set SPARK_HOME");
  }
}
