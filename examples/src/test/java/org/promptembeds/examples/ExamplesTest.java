package org.promptembeds.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.jobs.Serve;
import picocli.CommandLine;

/** All ways from a chat to an answer lead to the answer of plain text generation. */
class ExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
  void aSoftPromptChangesTheMannerOfEveryAnswer() {
    Path adapter = Path.of("models", "tiny-chat-polite");

    assertThat(SoftPrompt.answers(SPARK, adapter, Questions.ALL))
        .isEqualTo(ANSWERS.stream().map(answer -> answer + " You are welcome!").toList());
  }

  @Test
  void picturesThatTrainingNeverHadBecomeTheTextThatTheTrainerGot() throws IOException {
    Path model = Path.of("models", "tiny-pictures");
    Path data = Path.of("data");

    List<Row> rows = Pictures.answers(SPARK, model, data);

    List<String> trainers = new ArrayList<>();
    for (String line : Files.readAllLines(data.resolve("pictures.jsonl"))) {
      JsonNode asked = JSON.readTree(line);
      trainers.add(
          "%s %s %s"
              .formatted(
                  asked.get("picture").asText(),
                  asked.get("question").asText(),
                  asked.get("answer").asText()));
    }

    assertThat(rows.stream().map(row -> "%s %s %s".formatted(row.get(0), row.get(1), row.get(3))))
        .containsExactlyInAnyOrderElementsOf(trainers);
    assertThat(rows).filteredOn(row -> row.get(2).equals(row.get(3))).hasSize(57);
    assertThat(rows).hasSize(57);
  }

  @Test
  void aPictureDrawnHereIsSeen(@TempDir Path data) throws IOException {
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(30, 30, 30));
    pen.fillRect(0, 0, 24, 24);
    pen.setColor(new Color(210, 40, 40));
    pen.fillRect(3, 2, 7, 7);
    pen.setColor(new Color(50, 90, 230));
    pen.fillOval(14, 14, 8, 8);
    pen.dispose();
    ImageIO.write(
        image, "png", Files.createDirectory(data.resolve("pictures")).resolve("a.png").toFile());
    ObjectNode asked = JSON.createObjectNode().put("picture", "a.png").put("expected", "");
    Files.writeString(
        data.resolve("pictures.jsonl"),
        asked.put("question", "How many shapes are there?")
            + "\n"
            + asked.put("question", "What is at the bottom right?")
            + "\n"
            + asked.put("question", "What is in the picture?"));

    assertThat(Pictures.answers(SPARK, Path.of("models", "tiny-pictures"), data))
        .extracting(row -> row.getString(3))
        .containsExactly(
            "There are two shapes.", "A blue circle.", "A red square and a blue circle.");
  }

  @Test
  void aTowerNamesThePictureSizeThatItTakes() throws IOException {
    VisionTower tower = VisionTower.open(Path.of("models", "tiny-pictures", "tower.safetensors"));

    assertThatThrownBy(() -> tower.see(new byte[] {1, 2, 3}))
        .isInstanceOf(IOException.class)
        .hasMessage("the tower sees pictures of 24 by 24 pixels, got what is no picture");
  }

  @Test
  void aPipelineAnswersWhenItIsLoadedAgain(@TempDir Path folder) throws IOException {
    Path chats = Path.of("data", "chats.parquet");

    assertThat(MlPipeline.answers(SPARK, chats, folder.resolve("answers"))).isEqualTo(ANSWERS);
  }

  @Test
  void everyWayAnswersAsPlainTextGenerationDoes() throws IOException, InterruptedException {
    List<JsonNode> plain = plainText();
    List<String> questions = plain.stream().map(line -> line.get("question").asText()).toList();
    List<String> answers = plain.stream().map(line -> line.get("text").asText()).toList();
    assertThat(questions).startsWith(Questions.ALL.toArray(String[]::new)).hasSize(40);

    assertThat(OfflineInference.answers(SPARK, MODEL, questions)).isEqualTo(answers);
    assertThat(SqlChats.answers(SPARK, questions)).isEqualTo(answers);
    String address = serve();
    assertThat(new CompletionsClient(address, "tiny-chat").answers(MODEL, questions))
        .isEqualTo(answers);
    assertThat(completed(address, plain, "prompt")).isEqualTo(answers);
    assertThat(completed(address, plain, "prompt_token_ids")).isEqualTo(answers);
  }

  @Test
  void aServerThatIsNotThereIsNamedWithTheRemedy() throws IOException {
    String address;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "http://127.0.0.1:%d/v1".formatted(closed.getLocalPort());
    }

    CompletionsClient client = new CompletionsClient(address, "tiny-chat");
    assertThatThrownBy(() -> client.answers(MODEL, Questions.ALL))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "no server at %s/completions: start one, for instance jobs/bin/prompt-embeds serve --model"
                    .formatted(address)
                + " examples/models/tiny-chat, or give the address of another");
  }

  /** What {@code reference/generate_plain_text.py} wrote with transformers. */
  private static List<JsonNode> plainText() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/plain_text.jsonl"))) {
      lines.add(JSON.readTree(line));
    }

    return lines;
  }

  /** The server's texts for prompts that are no embeddings: the field {@code prompt} of each. */
  private static List<String> completed(String address, List<JsonNode> plain, String prompt)
      throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("max_tokens", 64).put("temperature", 0);
    plain.forEach(line -> request.withArray("prompt").add(line.get(prompt)));
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address + "/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).findValuesAsText("text");
  }

  /** Starts a server, which goes on to the end of this JVM, and returns its address. */
  private static String serve() throws IOException {
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
                    "32m",
                    "--max-step-tokens",
                    "512"),
            "serve");
    server.setDaemon(true);
    try (BufferedReader lines = new BufferedReader(new PipedReader(console))) {
      server.start();
      String line = lines.readLine();
      while (!line.startsWith("serving ")) {
        line = lines.readLine();
      }

      return line.replaceAll("^serving \\S+ at |, .*$", "");
    }
  }
}
