package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.torch.LocalBackend;

/** Chats with the example model. */
class ChatTest {
  private static final Path MODEL = Path.of("..", "examples", "models", "tiny-chat");
  private static final String FRANCE = "Please tell me about the capital of France.";
  private static final String PARIS = "The capital of France is Paris. Paris is a city in Europe.";
  private static final String SUN = "Where is bigger, the moon or the sun?";

  private static LocalBackend backend;
  private static PromptEmbedder embedder;

  @BeforeAll
  static void load() {
    ModelDirectory model = ModelDirectory.open(MODEL);
    ModelSettings options =
        ModelSettings.builder()
            .set(DEVICE, "cpu")
            .set(DTYPE, "float32")
            .set(KV_CACHE_BYTES, 4L << 20)
            .set(MAX_SEQUENCES, 1)
            .set(MAX_STEP_TOKENS, 512)
            .set(CPU_THREADS, 1)
            .build();
    backend = LocalBackend.load(model, options);
    embedder = PromptEmbedder.open(model);
  }

  @AfterAll
  static void free() {
    backend.close();
    embedder.close();
  }

  private static String chat(SamplingParams params, List<String> lines)
      throws IOException, InterruptedException {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    new ChatSession(backend, embedder, params, List.of(), printer)
        .run(new BufferedReader(new StringReader(String.join("\n", lines))), "> ");
    printer.flush();
    return out.toString();
  }

  private static SamplingParams tokens(int most) {
    return SamplingParams.builder().maxTokens(most).build();
  }

  /** What the model says at the end of a chat, in one piece. */
  private static String said(String... turns) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      messages.add(Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", turns[i]));
    }

    GenerationRequest request =
        new GenerationRequest("reference", embedder.embedChat(messages), tokens(64));
    return String.valueOf(backend.submit(request).result().join().text());
  }

  @Test
  void anAnswerKnowsTheTurnsBeforeUntilAnotherChatBegins()
      throws IOException, InterruptedException {
    assertThat(said(FRANCE)).isEqualTo(PARIS);

    assertThat(chat(tokens(64), List.of(FRANCE, SUN, "", "/new", SUN, "/quit", FRANCE)))
        .isEqualTo(
            "> %s\n> %s\n> > > %s\n> ".formatted(PARIS, said(FRANCE, PARIS, SUN), said(SUN)));
  }

  @Test
  void aCutAnswerSaysSoAndTheEndOfInputEnds() throws IOException, InterruptedException {
    assertThat(chat(tokens(3), List.of("/help", SUN)))
        .startsWith("> /new begins another chat, /quit or the end of the input ends")
        .contains("> The sun is (cut at --max-tokens)\n")
        .endsWith("> ");
  }

  @Test
  void aMessageThatIsTooLongIsTakenBack() throws IOException, InterruptedException {
    String out = chat(tokens(64), List.of("moon ".repeat(600), SUN));

    assertThat(out).contains("512", "(the message is taken back; /new begins another chat)");
    assertThat(out).endsWith("> " + said(SUN) + "\n> ");
  }

  @Test
  void optionsOutOfBoundsAreUsageErrors() {
    CommandLineRun run =
        CommandLineRun.of("chat", "--model", MODEL.toString(), "--temperature", "-1");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("temperature");
  }
}
