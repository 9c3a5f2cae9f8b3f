package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that run jobs show the same bar on a terminal, and what it came to in the end. */
class ProgressTest {
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final String MODEL = EXAMPLES.resolve("models/tiny-chat").toString();
  private static final Pattern ERASED = Pattern.compile("(?s)\r +\r");

  @TempDir private Path folder;

  @BeforeEach
  void beATerminal() {
    System.setProperty("promptembeds.terminal", "100");
  }

  @AfterEach
  void beNone() {
    System.clearProperty("promptembeds.terminal");
  }

  private static String errors(String... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).containsPattern(ERASED);
    return run.err();
  }

  @Test
  void embedCountsChats() {
    assertThat(
            errors(
                "embed",
                "--model",
                MODEL,
                "--input",
                EXAMPLES.resolve("data/chats.jsonl").toString(),
                "--output",
                folder.resolve("out.parquet").toString()))
        .contains("\r[                ]   0 %  0/300 chats, ")
        .contains("300 chats -> ");
  }

  @Test
  void generateAndSqlCountRows() {
    String input = EXAMPLES.resolve("data/chats.parquet").toString();
    assertThat(
            errors(
                "generate",
                "--model",
                MODEL,
                "--input",
                input,
                "--output",
                folder.resolve("answers").toString()))
        .contains("\r[                ]   0 %  0/300 rows, ")
        .containsPattern(
            "300 rows, [1-9][0-9,]* tokens in [0-9.]+ s after [0-9.]+ s of loading, [0-9,]+ tokens/s, none failed -> ");

    assertThat(
            errors(
                "sql",
                "--model",
                MODEL,
                "-e",
                "SELECT count(generate_from_embeds(embeds)) AS n FROM parquet.`%s`"
                    .formatted(Path.of(input).toAbsolutePath().normalize())))
        .contains("\r0:00");
  }

  @Test
  void demoCountsRows() {
    CommandLineRun run = CommandLineRun.of("demo", "--examples", EXAMPLES.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("\r[                ]   0 %  0/300 rows, ")
        .containsPattern(ERASED);
    assertThat(run.out())
        .contains("The capital of France is Paris.")
        .containsPattern(
            "\n300 rows, [1-9][0-9,]* tokens in [0-9.]+ s after [0-9.]+ s of loading, [0-9,]+ tokens/s\n$");
  }
}
