package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.Client;
import org.promptembeds.serve.chat.ChatParsers;

/**
 * Calls that the example model must make, asked for by the official client: it has never seen a
 * function, and its calls are valid all the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForcedCallTest {
  private static final String SCHEMA =
      "{'type': 'object', 'properties': {'city': {'enum': ['Paris', 'Rome']}, 'days': {'type':"
          + " 'integer', 'minimum': 1, 'maximum': 7}}, 'required': ['city', 'days'],"
          + " 'additionalProperties': false}";

  private TinyChatServer server;
  private OpenAIClient client;

  @BeforeAll
  void start() throws InterruptedException {
    server = new TinyChatServer(TinyChatServer.KEY, new ChatParsers("hermes", "none"));
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.address())
            .apiKey(TinyChatServer.KEY)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  private static ChatCompletionCreateParams.Builder ask() {
    return ChatCompletionCreateParams.builder()
        .model("tiny-chat")
        .temperature(1)
        .maxCompletionTokens(120)
        .addUserMessage(TinyChatServer.QUESTION)
        .addTool(tool("weather", SCHEMA))
        .addTool(tool("now", "{'type': 'object', 'additionalProperties': false}"));
  }

  private static ChatCompletionFunctionTool tool(String name, String parameters) {
    FunctionParameters.Builder schema = FunctionParameters.builder();
    ServerFixture.json(parameters.replace('\'', '"'))
        .properties()
        .forEach(
            entry ->
                schema.putAdditionalProperty(
                    entry.getKey(), JsonValue.fromJsonNode(entry.getValue())));
    return ChatCompletionFunctionTool.builder()
        .function(FunctionDefinition.builder().name(name).parameters(schema.build()).build())
        .build();
  }

  private static void checkCall(String name, String arguments) {
    JsonNode given = ServerFixture.json(arguments);
    if (name.equals("now")) {
      assertThat(given).isEmpty();
      return;
    }

    assertThat(name).isEqualTo("weather");
    assertThat(given).hasSize(2);
    assertThat(given.path("city").asText()).isIn("Paris", "Rome");
    assertThat(given.path("days").isInt()).isTrue();
    assertThat(given.path("days").asInt()).isBetween(1, 7);
  }

  @Test
  void whatMustBeCalledIsCalled() {
    ChatCompletion.Choice choice =
        client
            .chat()
            .completions()
            .create(
                ask()
                    .toolChoice(
                        ChatCompletionToolChoiceOption.ofAuto(
                            ChatCompletionToolChoiceOption.Auto.REQUIRED))
                    .build())
            .choices()
            .get(0);
    List<ChatCompletionMessageToolCall> calls = choice.message().toolCalls().orElseThrow();
    assertThat(calls).isNotEmpty();
    assertThat(choice.message().content()).isEmpty();
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    for (ChatCompletionMessageToolCall call : calls) {
      ChatCompletionMessageFunctionToolCall.Function function = call.asFunction().function();
      checkCall(function.name(), function.arguments());
    }
  }

  @Test
  void theNamedFunctionIsStreamedAlone() {
    ChatCompletionCreateParams params =
        ask()
            .toolChoice(
                ChatCompletionNamedToolChoice.builder()
                    .function(
                        ChatCompletionNamedToolChoice.Function.builder().name("weather").build())
                    .build())
            .build();
    List<String> names = new ArrayList<>();
    StringBuilder arguments = new StringBuilder();
    int pieces = 0;
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params)) {
      for (ChatCompletionChunk chunk : (Iterable<ChatCompletionChunk>) stream.stream()::iterator) {
        ChatCompletionChunk.Choice choice = chunk.choices().get(0);
        for (var call : choice.delta().toolCalls().orElse(List.of())) {
          assertThat(call.index()).isZero();
          call.function().flatMap(function -> function.name()).ifPresent(names::add);
          arguments.append(call.function().flatMap(f -> f.arguments()).orElse(""));
          pieces++;
        }
      }
    }

    assertThat(names).containsExactly("weather");
    assertThat(pieces).isGreaterThan(3);
    checkCall("weather", arguments.toString());
  }

  /** The answer to a line of a batch, of the same model that writes in another manner. */
  private JsonNode answer(String toolCalls, String reasoning, String fields) throws Exception {
    BatchApi api =
        new BatchApi(server.model().with(new ChatParsers(toolCalls, reasoning)), 64 << 20);
    String line =
        """
        {'custom_id': '1', 'method': 'POST', 'url': '/v1/chat/completions', 'body': {
          'messages': [{'role': 'user', 'content': 'Where is Rome?'}], 'max_tokens': 80, %s}}"""
            .formatted(fields)
            .replace('\'', '"');
    BatchEntry entry =
        api.submit(line.getBytes(StandardCharsets.UTF_8), "1", Client.ANONYMOUS).orElseThrow();
    JsonNode body =
        ServerFixture.json(new String(entry.answer().get().json(), StandardCharsets.UTF_8))
            .at("/response/body");
    assertThat(body.path("error").toString()).isEmpty();
    return body;
  }

  private static String tools(String choice, int seed) {
    return "'tools': [{'type': 'function', 'function': {'name': 'weather', 'parameters': %s}}, {'type': 'function', 'function': {'name': 'now'}}], 'tool_choice': '%s', 'seed': %d"
        .formatted(SCHEMA, choice, seed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "hermes", "llama3_json", "mistral", "openai"})
  void callsOfEveryMannerAreValid(String manner) throws Exception {
    for (int seed = 0; seed < 3; seed++) {
      JsonNode choice = answer(manner, "none", tools("required", seed)).at("/choices/0");
      assertThat(choice.at("/message/tool_calls")).isNotEmpty();
      assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
      for (JsonNode call : choice.at("/message/tool_calls")) {
        checkCall(call.at("/function/name").asText(), call.at("/function/arguments").asText());
      }
    }
  }

  @Test
  void formsAndCallsFollowThoughts() throws Exception {
    JsonNode message =
        answer("hermes", "deepseek_r1", tools("required", 3)).at("/choices/0/message");
    JsonNode call = message.at("/tool_calls/0/function");
    checkCall(call.path("name").asText(), call.path("arguments").asText());
    assertThat(message.path("reasoning_content").asText()).isNotEmpty();

    JsonNode body =
        answer("none", "deepseek_r1", "'seed': 5, 'structured_outputs': {'choice': ['a', 'b']}");
    assertThat(body.at("/choices/0/message/content").asText()).isIn("a", "b");
    assertThat(body.at("/usage/completion_tokens_details/reasoning_tokens").asInt())
        .isBetween(1, body.at("/usage/completion_tokens").asInt() - 1);
  }
}
