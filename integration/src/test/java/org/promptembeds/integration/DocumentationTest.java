package org.promptembeds.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the documents tell to run, run as it is written there; a comment before a block says why one
 * is not.
 */
class DocumentationTest {
  @TempDir private Path folder;

  static Stream<String> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(Build.root().resolve("docs"))) {
      List<String> pages =
          docs.map(path -> Build.root().relativize(path).toString())
              .filter(name -> name.endsWith(".md"))
              .sorted()
              .toList();
      return Stream.concat(
          Stream.of("README.md", "examples/README.md", "deploy/README.md"), pages.stream());
    }
  }

  private static List<DocumentedBlock> blocks(String document, String language) throws IOException {
    return DocumentedBlock.of(Build.root().resolve(document)).stream()
        .filter(block -> block.isRun() && block.language().equals(language))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void runsAsWritten(String document) throws IOException, InterruptedException {
    try (Checkout checkout = new Checkout(folder)) {
      for (DocumentedBlock block : blocks(document, "bash")) {
        checkout.bash(block);
      }

      if (!blocks(document, "sql").isEmpty()) {
        checkout.sql(blocks(document, "sql"));
      }

      if (!blocks(document, "java").isEmpty()) {
        checkout.java(blocks(document, "java"));
      }

      assertThat(checkout.left())
          .doesNotContain("spark-warehouse", "metastore_db", "derby.log", "artifacts");
    }
  }

  @Test
  void mostIsRun() throws IOException {
    long run = 0;
    for (String document : documents().toList()) {
      run +=
          DocumentedBlock.of(Build.root().resolve(document)).stream()
              .filter(DocumentedBlock::isRun)
              .count();
    }

    assertThat(run).isGreaterThanOrEqualTo(15);
  }
}
