package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers tell of a prompt's tokens, against what they tell of the same tokens as output. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptScoresTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private TinyChatServer server;

  @BeforeAll
  void start() throws InterruptedException {
    server = new TinyChatServer(null);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Test
  void aPromptIsAsLikelyAsItIsToBeGenerated() throws Exception {
    JsonNode generated =
        post(
                "/completions",
                "{'prompt': 'The capital of', 'max_tokens': 9, 'temperature': 1.2, 'seed': 3,"
                    + " 'logprobs': 2, 'return_token_ids': true, 'ignore_eos': true}")
            .at("/choices/0");
    StringBuilder ids = new StringBuilder();
    generated.get("prompt_token_ids").forEach(id -> ids.append(id).append(','));
    int first = generated.get("prompt_token_ids").size();
    generated.get("token_ids").forEach(id -> ids.append(id).append(','));
    ids.setLength(ids.length() - 1);

    JsonNode scored =
        post(
            "/completions",
            "{'prompt': [%s], 'max_tokens': 1, 'prompt_logprobs': 2}".formatted(ids));

    JsonNode positions = scored.at("/choices/0/prompt_logprobs");
    assertThat(positions).hasSize(first + 9);
    assertThat(positions.get(0).isNull()).isTrue();
    for (int i = 0; i < 9; i++) {
      JsonNode position = positions.get(first + i);
      JsonNode own = position.get(generated.at("/token_ids/" + i).asText());
      assertThat(own.get("logprob").asDouble())
          .isCloseTo(generated.at("/logprobs/token_logprobs/" + i).asDouble(), offset(1e-3));
      assertThat(own.get("rank").asInt()).isPositive();
      assertThat(own.get("decoded_token").asText())
          .isEqualTo(generated.at("/logprobs/tokens/" + i).asText());
      assertThat(position.size()).isBetween(2, 3);
    }
  }

  @Test
  void anEchoedPromptHasItsOwn() throws Exception {
    String request =
        "{'prompt': 'The capital of France', 'max_tokens': 2, 'temperature': 0, 'logprobs': 2,"
            + " 'return_token_ids': true, '%s': %s}";
    JsonNode echoed = post("/completions", request.formatted("echo", true)).at("/choices/0");
    JsonNode scored =
        post("/completions", request.formatted("prompt_logprobs", 2)).at("/choices/0");
    int prompt = scored.get("prompt_logprobs").size();

    JsonNode told = echoed.get("logprobs");
    assertThat(echoed.has("prompt_logprobs")).isFalse();
    assertThat(told.get("tokens")).hasSize(prompt + 2);
    assertThat(told.at("/token_logprobs/0").isNull()).isTrue();
    assertThat(told.at("/top_logprobs/0").isNull()).isTrue();
    for (int i = 1; i < prompt; i++) {
      JsonNode own =
          scored.get("prompt_logprobs").get(i).get(scored.at("/prompt_token_ids/" + i).asText());
      assertThat(told.at("/token_logprobs/" + i)).isEqualTo(own.get("logprob"));
      assertThat(told.at("/tokens/" + i)).isEqualTo(own.get("decoded_token"));
      assertThat(told.at("/top_logprobs/" + i).size()).isBetween(2, 3);
    }

    for (int i = 0; i < 2; i++) {
      assertThat(told.at("/token_logprobs/" + (prompt + i)).asDouble())
          .isCloseTo(scored.at("/logprobs/token_logprobs/" + i).asDouble(), offset(1e-4));
    }

    int last = told.get("tokens").size() - 1;
    assertThat(
            told.at("/text_offset/" + last).asInt() + told.at("/tokens/" + last).asText().length())
        .isBetween(echoed.get("text").asText().length(), echoed.get("text").asText().length() + 2);
  }

  @Test
  void chatsTellOfThemBesideTheChoices() throws Exception {
    JsonNode answer =
        post(
            "/chat/completions",
            "{'messages': [{'role': 'user', 'content': 'Hello'}], 'max_tokens': 1,"
                + " 'prompt_logprobs': 0, 'logprobs': true, 'logprob_token_ids': [70, 5]}");

    assertThat(answer.get("prompt_logprobs"))
        .hasSize(answer.at("/usage/prompt_tokens").asInt())
        .hasSizeGreaterThan(3);
    assertThat(answer.at("/choices/0/logprobs/content/0/top_logprobs")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'logprobs': 21 | logprobs asks for 21 tokens, at most 20 are told of: pass fewer, or raise maxLogprobs",
        "'prompt_logprobs': 21 | prompt_logprobs asks for 21 tokens, at most 20",
        "'prompt_logprobs': -1 | prompt_logprobs asks for all tokens, at most 20",
        "'prompt_logprobs': 1, 'stream': true | prompt_logprobs is not told in a stream",
        "'logprob_token_ids': [4] | logprob_token_ids needs logprobs",
        "'logprob_token_ids': [4000000], 'logprobs': 1 | logprob_token_ids has 4000000, the model's",
      })
  void whatCannotBeToldIsRefused(String fields, String message) throws Exception {
    JsonNode answer = post("/completions", "{'prompt': 'x', " + fields + "}");

    assertThat(answer.at("/error/message").asText()).contains(message);
  }
}
