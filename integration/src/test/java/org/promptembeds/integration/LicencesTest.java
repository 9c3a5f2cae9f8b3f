package org.promptembeds.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the licences ask of the packaged jars. */
class LicencesTest {
  static Stream<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String module : List.of("jinja", "llm", "connector", "serve", "jobs", "bundle")) {
      try (Stream<Path> files = Files.list(Build.root().resolve(module).resolve("target"))) {
        files
            .filter(
                file ->
                    file.getFileName()
                        .toString()
                        .matches("spark-prompt-embeds[^/]*\\d(-SNAPSHOT)?\\.jar"))
            .forEach(jars::add);
      }
    }

    assertThat(jars).hasSizeGreaterThanOrEqualTo(6);
    return jars.stream();
  }

  private static String text(ZipFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as(name).isNotNull();
    try (var in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void everyJarHasLicenceAndNotice(Path file) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License", "Version 2.0");
      assertThat(text(jar, "META-INF/NOTICE")).contains("spark-prompt-embeds");
      assertThat(jar.stream().map(ZipEntry::getName))
          .noneMatch(name -> name.startsWith("io/prometheus/"));
    }
  }

  @Test
  void theBundleHasTheLicencesOfWhatIsInIt() throws IOException {
    try (ZipFile jar = new ZipFile(Build.bundle().toFile())) {
      assertThat(text(jar, "META-INF/THIRD-PARTY.txt")).contains("PyTorch", "Java Native Access");
      assertThat(text(jar, "META-INF/licenses/pytorch/PyTorch.txt")).contains("Facebook, Inc");
      assertThat(text(jar, "META-INF/licenses/pytorch/libgomp.txt")).contains("GENERAL PUBLIC");
    }
  }
}
