package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batch files on the example model: every line is answered, once. */
class RunBatchTest {
  private static final String MODEL = "../examples/models/tiny-chat";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHATS = 12;

  @TempDir private Path folder;

  /** Twelve chats, the fourth of a model that is not there, and a line that is no request. */
  @BeforeEach
  void writeBatch() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < CHATS; i++) {
      lines.add(
          """
          {"custom_id": "chat-%d", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "%s", "messages": [{"role": "user", "content": "What is %d?"}], "temperature": 0, "max_tokens": %d}}\
          """
              .formatted(i, i == 3 ? "other" : "tiny-chat", i, 1 + i));
    }

    lines.add("");
    lines.add("no request");
    Files.write(folder.resolve("batch.jsonl"), lines);
  }

  private CommandLineRun run(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run-batch",
                "--model",
                MODEL,
                "--input",
                folder.resolve("batch.jsonl").toString(),
                "--output",
                folder.resolve("results.jsonl").toString()));
    arguments.addAll(List.of(options));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private List<JsonNode> read(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name))) {
      lines.add(JSON.readTree(line));
    }

    return lines;
  }

  private static List<String> ids(List<JsonNode> lines) {
    return lines.stream().map(line -> line.path("custom_id").asText()).toList();
  }

  @Test
  void linesAreAnsweredInTheirOrderAndErrorsApart() throws IOException {
    CommandLineRun run = run("--errors", folder.resolve("errors.jsonl").toString());

    assertThat(run.err()).contains("11 answers -> ", "2 errors -> ");
    assertThat(run.status()).isEqualTo(1);
    List<JsonNode> results = read("results.jsonl");
    assertThat(ids(results))
        .containsExactly(
            "chat-0", "chat-1", "chat-2", "chat-4", "chat-5", "chat-6", "chat-7", "chat-8",
            "chat-9", "chat-10", "chat-11");
    assertThat(results)
        .allSatisfy(
            line -> {
              assertThat(line.at("/response/status_code").asInt()).isEqualTo(200);
              assertThat(line.at("/response/body/choices/0/message/content").isTextual()).isTrue();
            });
    assertThat(results.get(2).at("/response/body/usage/completion_tokens").asInt()).isEqualTo(3);
    List<JsonNode> errors = read("errors.jsonl");
    assertThat(errors.get(0).at("/response/status_code").asInt()).isEqualTo(404);
    assertThat(errors.get(1).at("/error/message").asText())
        .contains("line 14 of " + folder.resolve("batch.jsonl"), "not JSON");
    assertThat(folder).isDirectoryNotContaining("glob:**.parts");
  }

  @Test
  void withoutAFileOfErrorsAllAnswersAreTogether() throws IOException {
    CommandLineRun run = run("--unordered", "--partitions", "2", "--served-model-name", "other");

    assertThat(run.status()).isZero();
    List<JsonNode> results = read("results.jsonl");
    assertThat(results).hasSize(CHATS + 1);
    assertThat(results)
        .filteredOn(line -> line.at("/response/status_code").asInt() == 200)
        .extracting(line -> line.path("custom_id").asText())
        .containsExactly("chat-3");
  }

  @Test
  void aRunGoesOnWhereOneEnded() throws IOException {
    Path parts = Files.createDirectory(folder.resolve("results.jsonl.parts"));
    Files.writeString(
        parts.resolve("part-00000.results"), "{\"custom_id\": \"kept\"}\n".repeat(13));
    assertThat(run("--partitions", "1").err()).contains("--resume goes on with it");

    CommandLineRun resumed = run("--resume", "--partitions", "1");

    assertThat(resumed.err()).contains("13 answers -> ");
    assertThat(ids(read("results.jsonl"))).hasSize(13).containsOnly("kept"); // and not done again
    assertThat(parts).doesNotExist();
  }

  @Test
  void whatCannotBeginIsRefused() throws IOException {
    Files.createFile(folder.resolve("results.jsonl"));
    assertThat(run().err()).contains("results.jsonl exists already");
    assertThat(run("--errors", folder.resolve("results.jsonl").toString()).err())
        .contains("must be different files");
    assertThat(run("--partitions", "-1").err()).contains("--partitions must be at least 1");
  }
}
