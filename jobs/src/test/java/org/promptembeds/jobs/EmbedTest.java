package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.jobs.options.SparkOptions;
import org.promptembeds.model.EmbeddingTable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.tensor.TorchFormat;

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

  private CommandLineRun embed(String output, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "embed",
                "--model",
                model.toString(),
                "--input",
                chats.toString(),
                "--output",
                folder.resolve(output).toString()));
    arguments.addAll(List.of(options));
    return CommandLineRun.of(arguments.toArray(String[]::new));
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
      assertThat(file.entries()).extracting(TensorFile.Entry::name).containsExactly("a", "3");
      Tensor chat = file.read(file.entries().get(0));
      assertThat(chat.dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(chat.shape()).containsExactly(CHAT.length, TinyModel.HIDDEN_SIZE);
      assertThat(chat.toFloats()).isEqualTo(expected(CHAT));
      assertThat(file.read(file.entries().get(1)).toFloats()).isEqualTo(expected(TEXT));
    }
  }

  @Test
  void anArrowFileIsReadByTheDataSource() throws IOException {
    assertThat(embed("chats.arrow").status()).isZero();
    assertThat(embed("arrows", "--format", "arrow", "--dtype", "float32").status()).isZero();
    assertThat(embed("tensors", "--format", "safetensors", "--dtype", "float16").status()).isZero();

    assertThat(folder.resolve("chats.arrow")).isRegularFile();
    assertThat(filesIn(folder))
        .containsExactlyInAnyOrder("model", "chats.jsonl", "chats.arrow", "arrows", "tensors");
    assertThat(filesIn(folder.resolve("arrows"))).anyMatch(name -> name.endsWith(".arrow"));
    assertThat(filesIn(folder.resolve("tensors"))).anyMatch(name -> name.endsWith(".safetensors"));
    String[] shaped = {"name", "seq_len", "hidden_size", "embeds[0]"};
    try (SparkSession spark = new SparkOptions().open("EmbedTest", Map.of())) {
      Dataset<Row> file = spark.read().format("prompt-embeds").load(folder + "/chats.arrow");
      Dataset<Row> ofFolder = spark.read().format("prompt-embeds").load(folder + "/arrows");
      Dataset<Row> tensors = spark.read().format("prompt-embeds").load(folder + "/tensors");
      int width = TinyModel.HIDDEN_SIZE;
      List<Row> expected =
          List.of(
              RowFactory.create("3", TEXT.length, width, expected(TEXT)[0]),
              RowFactory.create("a", CHAT.length, width, expected(CHAT)[0]));
      for (Dataset<Row> rows : List.of(file, ofFolder)) {
        assertThat(rows.orderBy("name").selectExpr(shaped).collectAsList()).isEqualTo(expected);
        assertThat(rows.orderBy("name").select("question").as(Encoders.STRING()).collectAsList())
            .containsExactly("the moon is far", "what is the sun ?");
      }

      assertThat(tensors.count()).isEqualTo(2);
    }
  }

  @Test
  void torchFilesAndLinesOfRequestsHoldTheSameTensors() throws IOException {
    assertThat(embed("chats.pt", "--dtype", "float32").status()).isZero();
    assertThat(embed("prompts.jsonl").status()).isZero();

    Map<String, Tensor> dict =
        TorchFormat.readAll(
            "chats.pt", ByteBuffer.wrap(Files.readAllBytes(folder.resolve("chats.pt"))));
    assertThat(dict.keySet()).containsExactly("a", "3");
    assertThat(dict.values())
        .extracting(Tensor::toFloats)
        .containsExactly(expected(CHAT), expected(TEXT));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("prompts.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }

    assertThat(lines).extracting(line -> line.get("id").asText()).containsExactly("a", "3");
    byte[] bytes = Base64.getDecoder().decode(lines.get(0).get("prompt_embeds").asText());
    Tensor chat = TorchFormat.read("line 1", ByteBuffer.wrap(bytes));
    assertThat(chat.dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(chat.toFloats()).isEqualTo(expected(CHAT));
  }

  private static List<String> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aNameOfAnotherFormatIsRefused() {
    CommandLineRun run = embed("chats.npy");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "chats.npy would be no file of that kind: end it in .parquet, .arrow, .safetensors,"
                + " .pt or .jsonl")
        .hasLineCount(1);

    run = embed("chats.parquet", "--format", "arrow");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("chats.parquet ends in that of another format").hasLineCount(1);

    run = embed("chats.parquet", "--dtype", "bfloat16");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("have elements of FLOAT32: choose --format arrow");
  }

  @Test
  void aParquetFileIsOneFileWithTheQuestion() throws IOException {
    assertThat(embed("chats.parquet").status()).isZero();

    assertThat(folder.resolve("chats.parquet")).isRegularFile();
    assertThat(filesIn(folder)).containsExactlyInAnyOrder("model", "chats.jsonl", "chats.parquet");

    try (SparkSession spark = new SparkOptions().open("EmbedTest", Map.of())) {
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
    assertThat(run.err())
        .contains(chats + ", line 1: neither messages (a list of objects) nor prompt or text");
    assertThat(folder.resolve("chats.parquet")).doesNotExist();

    Files.writeString(chats, "{\"text\": \"hot sun\"}\n{\"text\"\n");
    run = embed("chats.parquet");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(chats + ", line 2: not a JSON object: ").hasLineCount(1);
  }

  @Test
  void aTextThatNoContextHoldsIsNamedByItsLine() throws IOException {
    Files.writeString(chats, "{\"text\": \"" + "sun ".repeat(1_000_000) + "\"}\n");
    CommandLineRun run = embed("chats.parquet");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("line 1: a text of 4,000,000 characters is more than the ")
        .contains(" tokens of the model's context: shorten it");
  }
}
