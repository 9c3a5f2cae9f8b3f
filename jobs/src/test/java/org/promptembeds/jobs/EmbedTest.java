package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.model.EmbeddingTable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;

class EmbedTest {
  private static final int[] CHAT = {
    2, 4, 5, 6, 7, 9, 1, 3
  }; // user: what is the sun ? <|end|> assistant:
  private static final int[] TEXT = {6, 8, 5, 11};

  @TempDir private Path folder;
  private Path model = Path.of("");
  private Path chats = Path.of("");

  @BeforeEach
  void writeModelAndChats() throws IOException {
    model = TinyModel.write(folder.resolve("model"));
    chats = folder.resolve("chats.jsonl");
    Files.writeString(
        chats,
        """
        {"id": "a", "messages": [{"role": "user", "content": "what is the sun ?"}], "expected": []}

        {"text": "the moon is far"}
        """);
  }

  private CommandLineRun embed(String output) {
    return CommandLineRun.of(
        "embed",
        "--model",
        model.toString(),
        "--input",
        chats.toString(),
        "--output",
        folder.resolve(output).toString());
  }

  private float[] expected(int[] tokenIds) {
    return EmbeddingTable.open(ModelDirectory.open(model)).lookup(tokenIds).toFloats();
  }

  @Test
  void aTensorFileHasATensorPerLine() throws IOException {
    CommandLineRun run = embed("chats.safetensors");

    assertThat(run.err()).isEqualToIgnoringNewLines("2 chats -> " + folder + "/chats.safetensors");
    assertThat(run.status()).isZero();
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("chats.safetensors"))) {
      assertThat(file.entries()).extracting(SafetensorsFile.Entry::name).containsExactly("a", "3");
      Tensor chat = file.read(file.entries().get(0));
      assertThat(chat.dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(chat.shape()).containsExactly(CHAT.length, TinyModel.HIDDEN_SIZE);
      assertThat(chat.toFloats()).isEqualTo(expected(CHAT));
      assertThat(file.read(file.entries().get(1)).toFloats()).isEqualTo(expected(TEXT));
    }
  }

  @Test
  void aNameOfAnotherFormatIsRefused() {
    CommandLineRun run = embed("chats.arrow");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("chats.arrow would be no file of that kind: end it in .parquet or .safetensors")
        .hasLineCount(1);
  }

  @Test
  void aParquetFileIsOneFileWithTheQuestion() throws IOException {
    assertThat(embed("chats.parquet").status()).isZero();

    assertThat(folder.resolve("chats.parquet")).isRegularFile();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model", "chats.jsonl", "chats.parquet");
    }

    try (SparkSession spark = new SparkOptions().open("EmbedTest", java.util.Map.of())) {
      List<Row> rows =
          spark
              .read()
              .parquet(folder.resolve("chats.parquet").toString())
              .selectExpr("id", "question", "size(embeds)", "embeds[0]")
              .collectAsList();
      assertThat(rows).extracting(row -> row.getString(0)).containsExactly("a", "3");
      assertThat(rows)
          .extracting(row -> row.getString(1))
          .containsExactly("what is the sun ?", "the moon is far");
      assertThat(rows.get(0).getInt(2)).isEqualTo(CHAT.length * TinyModel.HIDDEN_SIZE);
      assertThat(rows.get(1).getFloat(3)).isEqualTo(expected(TEXT)[0]);
    }
  }

  @Test
  void aLineThatIsNoChatIsNamed() throws IOException {
    Files.writeString(chats, "{\"messages\": 7}\n");

    CommandLineRun run = embed("chats.parquet");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("line 1 has neither messages (a list of objects) nor text");
    assertThat(folder.resolve("chats.parquet")).doesNotExist();
  }
}
