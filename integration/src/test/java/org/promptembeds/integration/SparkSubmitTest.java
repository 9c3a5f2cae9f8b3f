package org.promptembeds.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands by {@code spark-submit} on a cluster. */
class SparkSubmitTest {
  private static final String JOBS = "org.promptembeds.jobs.";

  @TempDir private static Path folder;

  private static SparkCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException, InterruptedException {
    cluster = SparkCluster.start(folder.resolve("cluster"));
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void theJobGenerate() throws IOException, InterruptedException {
    Path answers = folder.resolve("answers");
    List<String> arguments =
        List.of(
            "--model",
            Build.example("models/tiny-chat"),
            "--input",
            Build.example("data/chats.safetensors"),
            "--output",
            answers.toString(),
            "--format",
            "json",
            "--max-tokens",
            "64");

    try (SparkProcess job =
        cluster.submit(JOBS + "Generate", Build.jobs().toString(), List.of(), arguments)) {
      job.finish();
    }

    List<String> lines = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(answers, "part-*.json")) {
      for (Path file : files) {
        lines.addAll(Files.readAllLines(file));
      }
    }

    assertThat(lines)
        .hasSize(300)
        .contains(
            "{\"name\":\"chat-0001\",\"text\":\"" + Answers.FRANCE + "\"}",
            "{\"name\":\"chat-0003\",\"text\":\"" + Answers.SUN + "\"}");
  }

  @Test
  void statementsOfTheReadme() throws IOException, InterruptedException {
    String statements =
        "CREATE TEMPORARY VIEW prompts AS SELECT * FROM parquet.`%s` WHERE id <= 'chat-0003';"
            + " SELECT id, generate_from_embeds(embeds) AS answer FROM prompts;"
            + " SELECT id, g.text, g.finish_reason, g.completion_tokens, g.error"
            + " FROM (SELECT id, generate_from_embeds_detail(embeds, logprobs => 5) AS g FROM prompts)";
    List<String> conf =
        List.of(
            "spark.sql.extensions=org.promptembeds.sql.PromptEmbedsExtensions",
            "spark.promptembeds.model=" + Build.example("models/tiny-chat"));
    List<String> arguments =
        List.of("-e", statements.formatted(Build.example("data/chats.parquet")));

    try (SparkProcess job =
        cluster.submit(JOBS + "Sql", Build.jobs().toString(), conf, arguments)) {
      assertThat(job.finish())
          .containsPattern("chat-0001 *\\|" + Answers.FRANCE)
          .containsPattern("chat-0003 *\\|" + Answers.SUN + " *\\|stop *\\|");
    }
  }
}
