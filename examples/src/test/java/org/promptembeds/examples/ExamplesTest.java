package org.promptembeds.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.promptembeds.jobs.serve.Serve;
import picocli.CommandLine;

/** All ways from a chat to an answer lead to the same answer. */
class ExamplesTest {
  private static final Path MODEL = Path.of("models", "tiny-chat").toAbsolutePath();
  private static final List<String> ANSWERS =
      List.of(
          "The capital of France is Paris. Paris is a city in Europe.",
          "The day is longest at the summer solstice, around June 21 in the northern hemisphere.",
          "The sun is bigger than the moon.");

  private static final SparkSession SPARK = Questions.spark(MODEL);

  @AfterAll
  static void stopSpark() throws IOException {
    SPARK.close();
  }

  @Test
  void singleInferenceAnswers() {
    List<String> first = Questions.ALL.subList(0, 1);

    assertThat(OfflineInference.answers(SPARK, MODEL, first)).isEqualTo(ANSWERS.subList(0, 1));
  }

  @Test
  void batchInferenceAnswers() {
    assertThat(OfflineInference.answers(SPARK, MODEL, Questions.ALL)).isEqualTo(ANSWERS);
  }

  @Test
  void sqlAnswersTheSame() {
    assertThat(SqlChats.answers(SPARK, Questions.ALL)).isEqualTo(ANSWERS);
  }

  @Test
  void aSoftPromptChangesTheMannerOfEveryAnswer() {
    Path adapter = Path.of("models", "tiny-chat-polite");

    assertThat(SoftPrompt.answers(SPARK, adapter, Questions.ALL))
        .isEqualTo(ANSWERS.stream().map(answer -> answer + " You are welcome!").toList());
  }

  @Test
  void theCompletionsApiAnswersTheSame() throws IOException, InterruptedException {
    PipedWriter console = new PipedWriter();
    CommandLine serve = new CommandLine(new Serve()).setErr(new PrintWriter(console, true));
    Thread server =
        new Thread(
            () ->
                serve.execute(
                    "--model",
                    MODEL.toString(),
                    "--port",
                    "0",
                    "--device",
                    "cpu",
                    "--kv-cache-bytes",
                    "33554432",
                    "--max-step-tokens",
                    "512"),
            "serve");
    server.setDaemon(true); // it serves to the end of this JVM
    try (BufferedReader lines = new BufferedReader(new PipedReader(console))) {
      server.start();
      String line = lines.readLine();
      while (!line.startsWith("serving ")) {
        line = lines.readLine();
      }

      String address = line.replaceAll("^serving \\S+ at |, .*$", "");
      assertThat(new CompletionsClient(address, "tiny-chat").answers(MODEL, Questions.ALL))
          .isEqualTo(ANSWERS);
    }
  }
}
