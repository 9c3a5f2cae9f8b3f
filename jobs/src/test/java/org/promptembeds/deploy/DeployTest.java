package org.promptembeds.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.torch.install.TorchBridge;

/**
 * The files of {@code deploy}, as far as they can be held to anything without engine or cluster.
 */
class DeployTest {
  private static final Path DEPLOY = Path.of("..", "deploy");

  @TempDir private Path folder;

  static Stream<Path> dockerfiles() throws IOException {
    return files("docker").filter(file -> file.getFileName().toString().startsWith("Dockerfile"));
  }

  static Stream<Path> configurations() throws IOException {
    return Stream.of("kubernetes", "yarn", "standalone")
        .map(name -> DEPLOY.resolve(name).resolve("spark-defaults.conf"));
  }

  static Stream<Path> scripts() throws IOException {
    return Stream.of(
        DEPLOY.resolve("gpu-discovery.sh"),
        DEPLOY.resolve("docker/prompt-embeds"),
        DEPLOY.resolve("standalone/spark-env.sh"));
  }

  private static Stream<Path> files(String name) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(DEPLOY.resolve(name))) {
      listed.sorted().forEach(files::add);
    }

    return files.stream();
  }

  private String output(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private void fake(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Map<String, String> fakesFirst() {
    return Map.of("PATH", folder + ":" + System.getenv("PATH"));
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void imagesFollowGoodPractice(Path file) throws IOException {
    Dockerfile dockerfile = Dockerfile.read(file);

    assertThat(dockerfile.complaints()).isEmpty();
    assertThat(dockerfile.all("COPY").toList())
        .containsExactly(". .", "--from=build /out /opt/prompt-embeds");
    assertThat(dockerfile.all("FROM")).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void whatAnImageCopiesIsThereAndItsPyTorchIsTheBridges(Path file) throws IOException {
    String text = Files.readString(file);
    TorchBridge bridge = TorchBridge.ofClassPath();

    for (String needed :
        List.of(
            "jobs/bin/prompt-embeds", "jobs/conf/log4j2.properties", "deploy/gpu-discovery.sh")) {
      assertThat(Path.of("..").resolve(needed)).exists();
    }

    if (text.contains("pip install")) {
      assertThat(text)
          .contains(
              "torch==" + bridge.version() + " ", "/whl/" + bridge.cudaFlavor().orElseThrow());
    }
  }

  @Test
  void aComplaintIsMadeOfWhatIsBad() throws IOException {
    Path bad =
        Files.writeString(
            folder.resolve("Dockerfile"),
            """
            FROM debian
            ADD . /src
            RUN apt-get install \\
                curl
            RUN pip install torch
            CMD serve --port 1
            """);

    assertThat(Dockerfile.read(bad).complaints())
        .containsExactly(
            "the image has no version: debian",
            "without apt-get update: apt-get install curl",
            "without --no-install-recommends: apt-get install curl",
            "without rm -rf /var/lib/apt: apt-get install curl",
            "a package without a version: apt-get",
            "a package without a version: install",
            "a package without a version: curl",
            "pip installs what has no version: pip install torch",
            "not in exec form: serve --port 1",
            "runs as root, or as a user that Kubernetes cannot check",
            "ADD where COPY would do");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scriptsAreWellFormedAndMayRun(Path script) throws IOException, InterruptedException {
    assertThat(output(Map.of(), "bash", "-n", script.toString())).isEmpty();
    assertThat(Files.readString(script)).startsWith("#!/usr/bin/env bash\n");
    assertThat(Files.isExecutable(script) || script.endsWith("spark-env.sh")).isTrue();
  }

  @Test
  void sparkReadsWhatTheDiscoveryScriptSays() throws IOException, InterruptedException {
    fake("nvidia-smi", "printf '0\\n1\\n3\\n'");

    ResourceInformation gpus =
        ResourceInformation.parseJson(
            output(fakesFirst(), "bash", DEPLOY.resolve("gpu-discovery.sh").toString()));

    assertThat(gpus.name()).isEqualTo("gpu");
    assertThat(gpus.addresses()).containsExactly("0", "1", "3");
  }

  @Test
  void theWorkersEnvironmentNamesTheScript() throws IOException, InterruptedException {
    String options =
        output(
            Map.of(),
            "bash",
            "-c",
            ". %s; echo $SPARK_WORKER_OPTS".formatted(DEPLOY.resolve("standalone/spark-env.sh")));

    String script = options.strip().replaceFirst(".*discoveryScript=", "");
    assertThat(Path.of(script)).isExecutable();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyOptionIsOneOfSparksOrOurs(Path file) throws IOException, ClassNotFoundException {
    Class.forName("org.apache.spark.internal.config.package$");
    Properties options = new Properties();
    try (Reader reader = new StringReader(Files.readString(file))) {
      options.load(reader);
    }

    assertThat(options).hasSizeGreaterThan(7);
    for (String key : options.stringPropertyNames()) {
      assertThat(isKnown(key)).as(key).isTrue();
      assertThat(options.getProperty(key)).as(key).isNotBlank();
    }
  }

  /** Spark's modules for YARN and Kubernetes, and its SQL, are not all on the class path. */
  private static boolean isKnown(String key) {
    if (key.startsWith(SparkOptions.PREFIX)) {
      return SparkOptions.CONFIGURATION.find(key).isPresent();
    }

    return key.matches(
            "spark\\.(yarn|kubernetes|sql|executorEnv)\\..*"
                + "|spark\\.(executor|task)\\.resource\\.gpu\\.(amount|vendor|discoveryScript)"
                + "|spark\\.executor\\.instances|spark\\.submit\\.deployMode|spark\\.master")
        || ConfigEntry.findEntry(key) != null;
  }
}
