package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The official OpenAI client, as it comes, on the example model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiClientTest {
  private TinyChatServer server;
  private OpenAIClient client;

  @BeforeAll
  void start() throws InterruptedException {
    server = new TinyChatServer();
    client = client(TinyChatServer.KEY);
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder().baseUrl(server.address()).apiKey(key).maxRetries(0).build();
  }

  private static CompletionCreateParams.Builder completion() {
    return CompletionCreateParams.builder().model("tiny-chat").temperature(0).maxTokens(64);
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder().model("tiny-chat").temperature(0);
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data().get(0).id()).isEqualTo("tiny-chat");
  }

  @Test
  void completesEmbeddingsLikeText() {
    String tensor = ServerFixture.tensor(server.embed(TinyChatServer.PROMPT));
    Completion completion =
        client
            .completions()
            .create(
                completion()
                    .prompt(TinyChatServer.PROMPT)
                    .putAdditionalBodyProperty("prompt_embeds", JsonValue.from(List.of(tensor)))
                    .build());

    assertThat(completion.choices()).hasSize(2);
    assertThat(completion.choices()).allMatch(c -> c.text().equals(TinyChatServer.ANSWER));
    assertThat(completion.usage().orElseThrow().promptTokens()).isPositive();
  }

  @Test
  void streamsCompletions() {
    CompletionCreateParams params = completion().prompt(TinyChatServer.PROMPT).build();
    try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
      List<Completion> chunks = stream.stream().toList();
      assertThat(chunks).hasSizeGreaterThan(5);
      assertThat(
              chunks.stream()
                  .map(chunk -> chunk.choices().get(0).text())
                  .collect(Collectors.joining()))
          .isEqualTo(TinyChatServer.ANSWER);
    }
  }

  @Test
  void answersChats() {
    ChatCompletion answer =
        client.chat().completions().create(chat().addUserMessage(TinyChatServer.QUESTION).build());

    assertThat(answer.choices().get(0).message().content()).hasValue(TinyChatServer.ANSWER);
    assertThat(answer.choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
  }

  @Test
  @SuppressWarnings("unchecked") // the client's own way to send what it has no class for
  void answersChatsWithEmbeddingsInside() {
    String tensor = ServerFixture.tensor(server.embed(TinyChatServer.QUESTION));
    List<Map<String, Object>> messages =
        List.of(
            Map.of(
                "role",
                "user",
                "content",
                List.of(Map.of("type", "prompt_embeds", "data", tensor))));
    ChatCompletion answer =
        client.chat().completions().create(chat().messages(JsonValue.from(messages)).build());

    assertThat(answer.choices().get(0).message().content()).hasValue(TinyChatServer.ANSWER);
  }

  @Test
  void streamsChats() {
    ChatCompletionCreateParams params = chat().addUserMessage(TinyChatServer.QUESTION).build();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params)) {
      assertThat(
              stream.stream()
                  .flatMap(chunk -> chunk.choices().get(0).delta().content().stream())
                  .collect(Collectors.joining()))
          .isEqualTo(TinyChatServer.ANSWER);
    }
  }

  @Test
  void outputsHaveTheFormThatIsAskedFor() {
    Map<String, Object> schema =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("city", Map.of("enum", List.of("Paris", "Rome"))),
            "required",
            List.of("city"),
            "additionalProperties",
            false);
    Map<String, Object> format =
        Map.of("type", "json_schema", "json_schema", Map.of("name", "city", "schema", schema));

    assertThat(
            client
                .chat()
                .completions()
                .create(
                    chat()
                        .addUserMessage(TinyChatServer.QUESTION)
                        .putAdditionalBodyProperty("response_format", JsonValue.from(format))
                        .build())
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow())
        .matches("\\{\\s*\"city\": ?\"(Paris|Rome)\"\\s*}");
    Completion completion =
        client
            .completions()
            .create(
                completion()
                    .prompt(TinyChatServer.PROMPT)
                    .putAdditionalBodyProperty(
                        "structured_outputs",
                        JsonValue.from(Map.of("choice", List.of("yes", "no"))))
                    .build());
    assertThat(completion.choices().get(0).text()).isIn("yes", "no");
  }

  @Test
  void readsErrors() {
    assertThatThrownBy(
            () ->
                client
                    .completions()
                    .create(
                        completion()
                            .prompt("x")
                            .putAdditionalBodyProperty("guided_json", JsonValue.from("{}"))
                            .build()))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).hasValue("guided_json"));
    assertThatThrownBy(
            () -> client.completions().create(completion().model("gpt").prompt("x").build()))
        .isInstanceOfSatisfying(
            NotFoundException.class, e -> assertThat(e.code()).hasValue("model_not_found"));
    OpenAIClient stranger = client("sk-wrong");
    assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class);
    stranger.close();
  }
}
