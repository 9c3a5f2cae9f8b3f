package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code generate} over chats and texts answers as it does over their embeddings. */
class GeneratePromptsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT =
      "{\"role\": \"user\", \"content\": \"what is the sun ?\"}, "
          + "{\"role\": \"assistant\", \"content\": \"hot\", \"name\": \"sage\"}";

  @TempDir private static Path folder;

  @TempDir private Path output;

  @BeforeAll
  static void makePrompts() throws IOException {
    TinyModel.write(folder.resolve("model"));
  }

  private static Path lines(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private CommandLineRun generate(Path input, String... options) {
    return generate(folder.resolve("model"), input, options);
  }

  private CommandLineRun generate(Path model, Path input, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("generate", "--model", model.toString(), "--input", input.toString()));
    arguments.addAll(Arrays.asList(options));
    arguments.addAll(List.of("--output", output.resolve("answers").toString(), "--detail"));
    arguments.addAll(List.of("--format", "json", "--max-tokens", "6", "--mode", "overwrite"));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private List<JsonNode> answers(Path input, String... options) throws IOException {
    return rows(generate(input, options));
  }

  /** The rows that a run wrote. */
  private List<JsonNode> rows(CommandLineRun run) throws IOException {
    assertThat(run.status()).as(run.err()).isZero();
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> parts = Files.list(output.resolve("answers"))) {
      for (Path part : parts.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        for (String line : Files.readAllLines(part)) {
          rows.add(JSON.readTree(line));
        }
      }
    }

    return rows;
  }

  private static Path embedded(Path chats, String extension) {
    Path tensors = folder.resolve(chats.getFileName() + extension);
    CommandLineRun run =
        CommandLineRun.of(
            "embed",
            "--model",
            folder.resolve("model").toString(),
            "--input",
            chats.toString(),
            "--output",
            tensors.toString());
    assertThat(run.status()).as(run.err()).isZero();
    return tensors;
  }

  @Test
  void linesOfEveryKindAreAnsweredAsTheirEmbeddings() throws IOException {
    Path chats =
        lines(
            "mixed.jsonl",
            "{\"id\": \"z\", \"messages\": [" + CHAT + "]}",
            "{\"id\": \"a\", \"text\": \"the moon is far\"}",
            "{\"id\": \"m\", \"prompt\": \"hot sun\"}");
    String[] sampled = {"--temperature", "1.5", "--seed", "3"};

    List<JsonNode> answers = answers(chats, sampled);

    assertThat(answers).extracting(row -> row.get("id").asText()).containsExactly("z", "a", "m");
    assertThat(answers)
        .extracting(row -> row.get("prompt_tokens").asInt())
        .containsExactly(11, 4, 2);
    assertThat(answers).isEqualTo(answers(embedded(chats, ".jsonl"), sampled));
  }

  @Test
  void aColumnIsChosenByName() throws IOException {
    Path file =
        lines(
            "named.jsonl",
            "{\"text\": \"moon\", \"question\": \"the sun is hot\"}",
            "{\"text\": \"moon\", \"question\": null}");

    List<JsonNode> answers = answers(file, "--prompt-column", "question");

    assertThat(answers.get(0))
        .isEqualTo(answers(lines("same.jsonl", "{\"text\": \"the sun is hot\"}")).get(0));
    assertThat(answers.get(1).get("text").isNull()).isTrue();
    assertThat(answers.get(1).get("error").isNull()).isTrue();
  }

  @Test
  void theChatTemplateSeesWhatRowsAndOptionsSay() throws IOException {
    Path model = TinyModel.write(folder.resolve("with tools"));
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{{ tools[0].name }} {{ style }} {{ messages[1].name or 'nobody' }}");
    Path chats =
        lines(
            "tools.jsonl",
            "{\"messages\": [" + CHAT + "], \"functions\": [{\"name\": \"moon\"}]}",
            "{\"messages\": [" + CHAT + "], \"functions\": [{\"name\": \"far\"}]}");
    Path texts =
        lines("written.jsonl", "{\"text\": \"moon hot sage\"}", "{\"text\": \"far hot sage\"}");
    String[] options = {
      "--prompt-inputs", "tools=functions", "--variables", "{\"style\": \"hot\"}"
    };

    assertThat(rows(generate(model, chats, options))).isEqualTo(answers(texts));
  }
}
