package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensApiTest {
  private final ServerFixture fixture =
      new ServerFixture(
          ServerFixture.model(new FakeBackend(request -> ""), new FakeEncoder("tools"), 512),
          options -> options);

  @AfterEach
  void close() {
    fixture.close();
  }

  private String tokenize(String json) {
    return ServerFixture.answer(fixture.post("/tokenize", json)).toString();
  }

  @Test
  void textsHaveTheTokenizersOwnTokens() {
    assertThat(tokenize("{'model': 'tiny', 'prompt': 'ab'}"))
        .isEqualTo("{\"count\":3,\"max_model_len\":512,\"tokens\":[94,97,98],\"token_strs\":null}");
    assertThat(tokenize("{'prompt': 'ab', 'add_special_tokens': false, 'return_token_strs': true}"))
        .isEqualTo(
            "{\"count\":2,\"max_model_len\":512,\"tokens\":[97,98],\"token_strs\":[\"a\",\"b\"]}");
  }

  @Test
  void chatsHaveThoseOfTheirTemplate() {
    JsonNode answer =
        ServerFixture.answer(
            fixture.post(
                "/tokenize",
                "{'messages': [{'role': 'u', 'content': 'hi'}], 'add_generation_prompt': false,"
                    + " 'chat_template_kwargs': {'x': 1}, 'tools': [{'type': 'function',"
                    + " 'function': {'name': 'f'}}]}"));
    StringBuilder text = new StringBuilder();
    answer.path("tokens").forEach(id -> text.append((char) id.asInt()));
    assertThat(text).hasToString("x=1;tools=[{type=function, function={name=f}}];<u>hi");
    assertThat(answer.path("count").asInt()).isEqualTo(text.length());
  }

  @Test
  void tokensBecomeTheirText() {
    assertThat(
            ServerFixture.answer(fixture.post("/detokenize", "{'tokens': [104, 105]}")).toString())
        .isEqualTo("{\"prompt\":\"hi\"}");
    assertThat(ServerFixture.answer(fixture.post("/detokenize", "{'tokens': []}")).toString())
        .isEqualTo("{\"prompt\":\"\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/tokenize | {} | prompt | there is nothing to tokenize: give prompt or messages",
        "/tokenize | {'prompt': [1]} | prompt | prompt must be a string, got [1]",
        "/tokenize | {'messages': []} | messages | messages must be a list of at least 1 message",
        "/tokenize | {'prompt': 'a', 'max_tokens': 1} | max_tokens | not supported: max_tokens",
        "/tokenize | {'prompt': 'a', 'model': 'b'} | model | the model 'b' does not exist here",
        "/detokenize | {} | tokens | tokens must be a list of token ids, none below 0",
        "/detokenize | {'tokens': [-1]} | tokens | tokens must be a list of token ids, none below 0",
        "/detokenize | {'tokens': ['a']} | tokens | tokens must be an integer, got \"a\""
      })
  void refusesByName(String path, String json, String param, String message) {
    HttpResponse<String> response = fixture.post(path, json);
    assertThat(response.statusCode()).isGreaterThanOrEqualTo(400).isLessThan(500);
    JsonNode error = ServerFixture.json(response.body()).path("error");
    assertThat(error.path("message").asText()).contains(message);
    assertThat(error.path("param").asText()).isEqualTo(param);
  }

  @Test
  void embeddingsHaveNoTokens() {
    String json =
        "{'messages': [{'role': 'u', 'content': [{'type': 'prompt_embeds', 'data': '%s'}]}]}"
            .formatted(ServerFixture.tensor("X"));
    assertThat(fixture.post("/tokenize", json).body())
        .contains("the messages have embeddings, which have no tokens: give text alone");
  }

  @Test
  void tellsTheVersion() {
    assertThat(ServerFixture.answer(fixture.get("/version")).path("version").asText()).isNotEmpty();
    assertThat(fixture.get("/tokenize").statusCode()).isEqualTo(405);
  }

  @Test
  void tokensNeedTheKey() {
    try (ServerFixture locked =
        new ServerFixture(
            new FakeBackend(request -> ""), options -> ServerFixture.withKey(options, "k"))) {
      assertThat(locked.post("/tokenize", "{'prompt': 'a'}").statusCode()).isEqualTo(401);
      assertThat(locked.get("/version").statusCode()).isEqualTo(200);
    }
  }
}
