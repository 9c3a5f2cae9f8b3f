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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/** The command as a user runs it, with a real model of random weights. */
class GenerateTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  @TempDir private Path output;

  @BeforeAll
  static void makePrompts() throws IOException {
    TinyModel.write(folder.resolve("model"));
    Files.writeString(
        folder.resolve("chats.jsonl"),
        """
        {"id": "z", "messages": [{"role": "user", "content": "what is the sun ?"}]}
        {"id": "a", "text": "the moon is far"}
        {"id": "m", "text": "hot sun"}
        """);
    for (String name : List.of("chats.safetensors", "chats.parquet")) {
      CommandLineRun run =
          CommandLineRun.of(
              "embed",
              "--model",
              path("model"),
              "--input",
              path("chats.jsonl"),
              "--output",
              path(name));
      assertThat(run.err()).startsWith("3 chats -> ");
      assertThat(run.status()).isZero();
    }

    new TensorFile()
        .add("good", 0.5f, 2, 16)
        .add("narrow", 1, 2, 8)
        .write(folder.resolve("mixed.safetensors"));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private CommandLineRun generate(String input, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "generate",
                "--model",
                path("model"),
                "--input",
                input.startsWith("viewfs:") ? input : folder.resolve(input).toString(),
                "--output",
                out(),
                "--format",
                "json",
                "--max-tokens",
                "6"));
    arguments.addAll(Arrays.asList(options));
    if (!arguments.contains("--mode")) {
      arguments.addAll(List.of("--mode", "overwrite"));
    }

    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private String out() {
    return output.resolve("answers").toString();
  }

  private List<JsonNode> rows() throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> parts = Files.list(Path.of(out()))) {
      for (Path part : parts.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        for (String line : Files.readAllLines(part)) {
          rows.add(JSON.readTree(line));
        }
      }
    }

    return rows;
  }

  @Test
  void aSoftPromptStandsBeforeEveryRow() throws IOException {
    Path adapter = Files.createDirectory(folder.resolve("adapter"));
    Files.writeString(
        adapter.resolve("adapter_config.json"),
        "{\"peft_type\": \"PROMPT_TUNING\", \"num_virtual_tokens\": 3, \"token_dim\": 16}");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(adapter.resolve("adapter_model.safetensors"), Map.of())) {
      writer.add("prompt_embeddings", Tensor.ofFloats(new float[3 * 16], 3, 16));
      writer.commit();
    }

    assertThat(generate("chats.safetensors", "--detail", "--soft-prompt", adapter.toString()).err())
        .contains("none failed");
    assertThat(rows())
        .extracting(row -> row.get("prompt_tokens").asInt())
        .containsExactly(11, 7, 5);

    CommandLineRun unknown = generate("chats.safetensors", "--soft-prompt", "parrot");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("soft prompt 'parrot' is neither a folder nor a configured name");
  }

  @Test
  void oneRowPerTensorInOrderAndTheSameFromParquet() throws IOException {
    CommandLineRun run = generate("chats.safetensors", "--detail");

    assertThat(run.err()).contains("3 rows, ", " tokens/s, none failed -> ");
    assertThat(run.status()).isZero();
    List<JsonNode> rows = rows();
    assertThat(rows).extracting(row -> row.get("name").asText()).containsExactly("z", "a", "m");
    assertThat(rows).extracting(row -> row.get("prompt_tokens").asInt()).containsExactly(8, 4, 2);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.get("token_ids").size())
                  .isEqualTo(row.get("completion_tokens").asInt());
              assertThat(row.get("finish_reason").asText()).isIn("stop", "length");
              assertThat(row.get("text").isTextual()).isTrue();
              assertThat(row.get("error").isNull()).isTrue();
            });

    assertThat(generate("chats.parquet", "--detail").status()).isZero();
    assertThat(rows()).extracting(row -> row.get("id").asText()).containsExactly("z", "a", "m");
    assertThat(rows())
        .extracting(row -> row.get("token_ids"))
        .isEqualTo(rows.stream().map(row -> row.get("token_ids")).toList());
  }

  @Test
  void seededSamplingRepeatsItself() throws IOException {
    String[] options = {
      "--detail",
      "--temperature",
      "1.5",
      "--top-p",
      "0.9",
      "--top-k",
      "8",
      "--seed",
      "3",
      "--min-tokens",
      "2",
      "--ignore-eos",
      "--stop",
      "far away",
      "--stop-token-ids",
      "0",
      "--logprobs",
      "2"
    };
    assertThat(generate("chats.parquet", options).status()).isZero();
    List<JsonNode> first = rows();
    assertThat(generate("chats.parquet", options).status()).isZero();

    assertThat(rows())
        .extracting(row -> row.get("token_ids"))
        .isEqualTo(first.stream().map(row -> row.get("token_ids")).toList());
    assertThat(first.get(0).get("logprobs").get(0).get("top").size()).isEqualTo(2);
  }

  @Test
  void aRowAtFaultEndsTheJobOrNot() throws IOException {
    CommandLineRun failed = generate("mixed.safetensors");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err().lines())
        .last()
        .asString()
        .startsWith("prompt-embeds generate: row narrow: ")
        .contains("16", "8");

    assertThat(generate("mixed.safetensors", "--on-error", "null").status()).isZero();
    assertThat(rows()).extracting(row -> row.get("text").isNull()).containsExactly(false, true);

    CommandLineRun skipped = generate("mixed.safetensors", "--on-error", "skip");
    assertThat(skipped.status()).isEqualTo(1);
    assertThat(skipped.err()).contains("1 failed and left out");
    assertThat(rows()).extracting(row -> row.get("name").asText()).containsExactly("good");
  }

  @Test
  void tensorsOfEveryFormatAndFileSystem() throws IOException {
    assertThat(generate("chats.safetensors", "--detail").status()).isZero();
    List<JsonNode> expected = rows().stream().map(row -> row.get("token_ids")).toList();
    Path tensors = Files.createDirectories(folder.resolve("tensors"));
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("chats.safetensors"))) {
      Files.write(
          tensors.resolve("1 z.npy"), NpyFormat.write(read(file, "z").convert(DType.FLOAT32)));
      Files.write(tensors.resolve("2 [a].pt"), TorchFormat.write(read(file, "a")));
      new TensorFile().add("narrow", 1, 2, 8).write(tensors.resolve("4.safetensors"));
    }

    String[] options = {
      "--detail",
      "--on-error",
      "null",
      "--conf",
      "spark.hadoop.fs.viewfs.mounttable.test.link./data=" + tensors.toUri()
    };
    for (String input : List.of(path("tensors"), path("tensors/*"), "viewfs://test/data")) {
      assertThat(generate(input, options).status()).as(input).isZero();
      List<JsonNode> rows = rows();
      assertThat(rows)
          .extracting(row -> row.get("name").asText())
          .containsExactly("1 z", "2 [a]", "narrow");
      assertThat(rows.subList(0, 2))
          .extracting(row -> row.get("token_ids"))
          .isEqualTo(expected.subList(0, 2));
      // Two vectors of 8 are not one of the model's 16.
      assertThat(rows.get(2).get("error").asText())
          .contains("embeddings have hidden size 8, the model's is 16");
    }
  }

  private static Tensor read(SafetensorsFile file, String name) throws IOException {
    return file.read(file.find(name).orElseThrow());
  }

  @Test
  void optionsThatTheInputShowsToBeWrongAreUsageErrors() {
    assertThat(generate("chats.parquet", "--id-column", "nope"))
        .isEqualTo(
            new CommandLineRun(
                2,
                "",
                "prompt-embeds generate: --id-column: the input has no column 'nope', only id, embeds,"
                    + " question (see prompt-embeds generate --help)\n"));
  }

  @Test
  void anOutputThatExistsIsLeftAlone() throws IOException {
    Files.createDirectories(Path.of(out()));

    assertThat(generate("chats.parquet", "--mode", "errorifexists").status()).isZero();

    CommandLineRun run = generate("chats.parquet", "--mode", "errorifexists");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("--output %s exists already and is not empty: choose another".formatted(out()))
        .hasLineCount(1);
  }
}
