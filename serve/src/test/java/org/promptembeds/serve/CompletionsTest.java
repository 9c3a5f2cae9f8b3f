package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.serve.ServerFixture.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.ContentSeed;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.tensor.Tensor;

class CompletionsTest {
  private final ServerFixture fixture =
      new ServerFixture(new FakeBackend(request -> "re:" + FakeEncoder.textOf(request.embeds())));

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<String> texts(String json) {
    return fixture.complete(json).findValuesAsText("text");
  }

  @Test
  void answersInOpenAisShape() {
    JsonNode answer =
        fixture.complete("{'model': 'tiny', 'prompt': 'hi', 'return_token_ids': true}");

    assertThat(answer.get("id").asText()).startsWith("cmpl-");
    assertThat(answer.get("object").asText()).isEqualTo("text_completion");
    assertThat(answer.get("model").asText()).isEqualTo("tiny");
    assertThat(answer.get("created").asLong()).isPositive();
    assertThat(answer.get("choices").toString())
        .isEqualTo(
            "[{\"index\":0,\"text\":\"re:^hi\",\"logprobs\":null,\"finish_reason\":\"stop\",\"token_ids\":[114,101,58,94,104,105],\"prompt_token_ids\":[94,104,105]}]");
    assertThat(answer.get("usage").toString())
        .isEqualTo("{\"prompt_tokens\":3,\"completion_tokens\":6,\"total_tokens\":9}");
  }

  @Test
  void takesTextsTokensAndListsOfThem() {
    assertThat(texts("{'prompt': ['a', 'b']}")).containsExactly("re:^a", "re:^b");
    assertThat(texts("{'prompt': [104, 105]}")).containsExactly("re:hi");
    assertThat(texts("{'prompt': [[104], [105]]}")).containsExactly("re:h", "re:i");
  }

  @Test
  void answersEmbeddingsBeforeTexts() {
    String json =
        "{'prompt': 'text', 'prompt_embeds': ['%s', '%s']}".formatted(tensor("one"), tensor("two"));
    JsonNode answer = fixture.complete(json);

    assertThat(answer.findValuesAsText("text")).containsExactly("re:one", "re:two", "re:^text");
    assertThat(answer.findValuesAsText("index")).containsExactly("0", "1", "2");
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(11);
  }

  @Test
  void keepsTheEndOfPromptsThatAreLonger() {
    String json =
        "{'prompt': ['text', 'a'], 'prompt_embeds': '%s', 'truncate_prompt_tokens': 3}"
            .formatted(tensor("embeds"));
    JsonNode answer = fixture.complete(json);

    assertThat(answer.findValuesAsText("text")).containsExactly("re:eds", "re:ext", "re:^a");
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(8);
  }

  @Test
  void emptyPromptBesideEmbeddingsIsNone() {
    String json = "{'prompt': '', 'prompt_embeds': '%s'}".formatted(tensor("one"));
    assertThat(texts(json)).containsExactly("re:one");
  }

  @Test
  void mapsEveryParameter() throws Exception {
    fixture.complete(
        "{'model': 'tiny', 'prompt': 'x', 'max_tokens': 9, 'min_tokens': 2, 'temperature': 0.5,"
            + " 'top_p': 0.75, 'top_k': 5, 'min_p': 0.25, 'seed': -3, 'stop': ['a', 'b'],"
            + " 'stop_token_ids': [11], 'ignore_eos': true, 'logprobs': 2, 'user': 'me',"
            + " 'presence_penalty': -2, 'frequency_penalty': 0.5, 'repetition_penalty': 1.25,"
            + " 'logit_bias': {'5': 1, '7': -100}, 'suffix': null, 'n': 1}");

    assertThat(fixture.backend.next().request().params())
        .isEqualTo(
            SamplingParams.builder()
                .maxTokens(9)
                .minTokens(2)
                .temperature(0.5)
                .topP(0.75)
                .topK(5)
                .minP(0.25)
                .presencePenalty(-2)
                .frequencyPenalty(0.5)
                .repetitionPenalty(1.25)
                .logitBias(Map.of(5, 1.0, 7, -100.0))
                .seed(-3L)
                .stop(List.of("a", "b"))
                .stopTokenIds(List.of(11))
                .ignoreEos(true)
                .logprobs(2)
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'use_beam_search': true, 'n': 3 | 3",
        "'use_beam_search': true, 'n': 2, 'beam_width': 4 | 4",
        "'use_beam_search': true | 1"
      })
  void searchesWithAsManyBeamsAsOutputs(String fields, int width) throws Exception {
    fixture.complete("{'prompt': 'x', %s}".formatted(fields));

    SamplingParams params = next().params();
    assertThat(params.value(SearchParameters.BEAM_WIDTH)).isEqualTo(width);
    assertThat(params.isGreedy()).isTrue();
  }

  @Test
  void takesWhatAsksForNothing() {
    fixture.complete(
        "{'prompt': 'x', 'metadata': {'team': 'a'}, 'service_tier': 'auto', 'functions': [],"
            + " 'parallel_tool_calls': false, 'prompt_cache_key': 'k', 'safety_identifier': 's',"
            + " 'suffix': '', 'store': false, 'tools': [], 'tool_choice': 'auto',"
            + " 'use_beam_search': false, 'length_penalty': 1, 'skip_special_tokens': true,"
            + " 'include_stop_str_in_output': false, 'spaces_between_special_tokens': true,"
            + " 'allowed_token_ids': [], 'bad_words': [], 'logits_processors': [], 'priority': 0,"
            + " 'truncate_prompt_tokens': null, 'prompt_logprobs': null, 'guided_json': null,"
            + " 'add_special_tokens': true, 'request_id': 'r', 'vllm_xargs': {},"
            + " 'response_format': {'type': 'text'}}");
  }

  @Test
  void passesOnWhoAsks() throws Exception {
    fixture.complete("{'prompt': 'x', 'n': 2}");
    assertThat(next().client()).isEqualTo(Client.named("127.0.0.1"));
    try (ServerFixture keyed =
            new ServerFixture(fixture.backend, o -> ServerFixture.withKey(o, "k1", "k2"));
        RawClient client = new RawClient(keyed)) {
      var unused = next();
      client
          .send(
              """
              POST /v1/completions HTTP/1.1
              Host: a
              Authorization: Bearer k2
              Content-Length: 15

              """)
          .sendExactly("{\"prompt\": \"x\"}")
          .answer();
      assertThat(next().client()).isEqualTo(Client.named("key 2"));
    }
  }

  @Test
  void defaultsAreThoseOfTheApi() throws Exception {
    fixture.complete("{'prompt': 'x', 'top_k': -1}");

    assertThat(fixture.backend.next().request().params())
        .isEqualTo(SamplingParams.builder().maxTokens(16).temperature(1).build());
  }

  @Test
  void eachOfSeveralOutputsHasASeedOfItsOwn() throws Exception {
    assertThat(texts("{'prompt': ['a', 'b'], 'n': 2, 'seed': 5}"))
        .containsExactly("re:^a", "re:^a", "re:^b", "re:^b");
    assertThat(Stream.of(next(), next(), next(), next()).map(r -> r.params().seed()))
        .containsExactly(5L, 6L, 5L, 6L);

    fixture.complete("{'prompt': 'a', 'n': 2}");
    Tensor embeds = next().embeds();
    assertThat(next().params().seed()).isEqualTo(ContentSeed.of(embeds) + 1);
  }

  private GenerationRequest next() throws InterruptedException {
    return fixture.backend.next().request();
  }

  @Test
  void bestOfReturnsTheMostLikely() {
    // The longer an output of this backend's late letters, the less likely.
    try (ServerFixture other =
        new ServerFixture(
            new FakeBackend(
                request -> {
                  Long seed = request.params().seed();
                  return seed == null ? "z" : List.of("c", "a", "b").get((int) (seed - 1));
                }))) {
      JsonNode answer = other.complete("{'prompt': 'x', 'n': 2, 'best_of': 3, 'seed': 1}");
      assertThat(answer.findValuesAsText("text")).containsExactly("a", "b");
      assertThat(answer.findValuesAsText("index")).containsExactly("0", "1");
      assertThat(answer.get("choices").get(0).get("logprobs").isNull()).isTrue();
      assertThat(answer.get("usage").get("completion_tokens").asInt()).isEqualTo(3);
    }
  }

  @Test
  void logprobsNameTokensByTextOrById() {
    try (ServerFixture other = new ServerFixture(new FakeBackend(request -> "ac"))) {
      assertThat(other.complete("{'prompt': 'x', 'logprobs': 2}").findValue("logprobs").toString())
          .isEqualTo(
              "{\"tokens\":[\"a\",\"c\"],\"token_logprobs\":[-1.0,-3.0],\"top_logprobs\":[{\"a\":-0.5,\"b\":-1.0},{\"a\":-0.5,\"b\":-1.0,\"c\":-3.0}],\"text_offset\":[0,1]}");
      JsonNode byId =
          other.complete("{'prompt': 'x', 'logprobs': 0, 'return_tokens_as_token_ids': true}");
      assertThat(byId.findValue("top_logprobs").toString())
          .isEqualTo("[{\"token_id:97\":-1.0},{\"token_id:99\":-3.0}]");
    }
  }

  @Test
  void echoPutsThePromptFirst() {
    assertThat(texts("{'prompt': 'hi', 'echo': true}")).containsExactly("hire:^hi");
  }

  @Test
  void answersWithAnErrorWhereAnOutputCannotBeWritten() {
    HttpResponse<String> response =
        fixture.post("/v1/completions", "{'prompt': [97, 0], 'echo': true}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("token 0 has no text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt': 'x', 'frobnicate': 1} | frobnicate | not supported: frobnicate; supported are",
        "{'prompt': 'x', 'presence_penalty': 2.5} | presence_penalty | presence_penalty must be in [-2, 2], got 2.5",
        "{'prompt': 'x', 'service_tier': 'flex'} | service_tier | not supported: service_tier (leave it out, or set it to \"auto\")",
        "{'prompt': 'x', 'use_beam_search': true, 'n': 2, 'temperature': 1} | beam_width | beam_width 2 cannot be combined with temperature",
        "{'prompt': 'x', 'use_beam_search': true, 'n': 2, 'stream': true} | stream | beam_width 2 cannot be streamed",
        "{'prompt': 'x', 'use_beam_search': 'yes'} | use_beam_search | use_beam_search must be true or false",
        "{'prompt': 'x', 'suffix': 'y'} | suffix | not supported: suffix (leave it out",
        "{'prompt': 'x', 'frequency_penalty': -3} | frequency_penalty | frequency_penalty must be in [-2, 2], got -3.0",
        "{'prompt': 'x', 'repetition_penalty': 0} | repetition_penalty | repetition_penalty must be a finite number above 0, got 0.0",
        "{'prompt': 'x', 'repetition_penalty': 'low'} | repetition_penalty | repetition_penalty must be a number, got \"low\"",
        "{'prompt': 'x', 'logit_bias': {'5': 101}} | logit_bias | logit_bias of token 5 must be in [-100, 100], got 101.0",
        "{'prompt': 'x', 'logit_bias': {'five': 1}} | logit_bias | logit_bias must be an object of numbers by token id",
        "{'prompt': 'x', 'logit_bias': [5]} | logit_bias | logit_bias must be an object of numbers by token id, got [5]",
        "{'prompt': 'x', 'functions': [{}], 'tools': [{}]} | functions | not supported: functions (leave it out, or set it to []), tools (leave it out, or set it to []); supported are",
        "{'prompt': 'x', 'structured_outputs': {'regex': '('}} | response_format | the pattern '(' is malformed at character 1: '(' without ')'",
        "{'prompt': 'x', 'structured_outputs': {'regex': 'a', 'choice': ['b']}} | | the output can have one form, got choice and regex: give one of them",
        "{'prompt': 'x', 'structured_outputs': {'lark': 'a'}} | lark | not supported: lark",
        "{'prompt': 'x', 'max_tokens': 0} | max_tokens | max_tokens must be at least 1, got 0",
        "{'prompt': 'x', 'temperature': 'hot'} | temperature | temperature must be a number, got \"hot\"",
        "{'prompt': 'x', 'max_tokens': 1.5} | max_tokens | max_tokens must be an integer, got 1.5",
        "{'prompt': 'x', 'stream': 1} | stream | stream must be true or false, got 1",
        "{'prompt': 'x', 'n': 0} | n | n must be at least 1, got 0",
        "{'prompt': 'x', 'n': 3, 'best_of': 2} | best_of | best_of must be at least n (3), got 2",
        "{'prompt': 'x', 'n': 300} | n | a request may have 256 outputs",
        "{'prompt': 'x', 'best_of': 2, 'stream': true} | best_of | best_of 2 cannot be streamed",
        "{'prompt': 'x', 'beam_width': 2, 'stream': true} | stream | beam_width 2 cannot be streamed",
        "{'prompt': 'x', 'beam_width': 2, 'n': 3} | n | n must not exceed beam_width (2), got 3",
        "{'prompt': 'x', 'beam_width': 2, 'temperature': 1, 'logprobs': 1} | beam_width | beam_width 2 cannot be combined with temperature, logprobs: leave out one or the other",
        "{'prompt': 'x', 'echo': true, 'logprobs': 1, 'stream': true} | echo | log-probabilities of an echoed prompt are not told in a stream",
        "{'prompt': 'x', 'stream_options': {}} | stream_options | needs stream: true",
        "{'prompt': 'x', 'seed': 1e30} | seed | seed must be an integer of 64 bits",
        "{} | prompt | there is nothing to complete: give prompt or prompt_embeds",
        "{'prompt': []} | prompt | there is nothing to complete",
        "{'prompt': [[]]} | prompt | prompt has no tokens: give at least 1",
        "{'prompt': {}} | prompt | prompt must be a text, token ids, or a list of either",
        "{'prompt': [1, 'x']} | prompt | prompt must be a list of token ids, got \"x\"",
        "{'prompt_embeds': 'AAAA'} | prompt_embeds | base64 must hold the bytes of torch.save",
        "{'prompt_embeds': '!'} | prompt_embeds | base64",
        "{'prompt_embeds': ['x', 7]} | prompt_embeds | base64",
        "{'prompt_embeds': 7} | prompt_embeds | prompt_embeds must be base64 of a tensor"
      })
  void refusesByName(String json, String param, String message) {
    HttpResponse<String> response = fixture.post("/v1/completions", json);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = ServerFixture.json(response.body()).get("error");
    assertThat(error.get("message").asText()).contains(message);
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").asText(null)).isEqualTo(param);
  }

  @Test
  void refusesTensorsOfAnotherModel() {
    String json = "{'prompt_embeds': '%s'}".formatted(tensor(Tensor.ofFloats(new float[6], 2, 3)));
    assertThat(fixture.post("/v1/completions", json).body())
        .contains("prompt_embeds has hidden size 3, the model's is 2");
  }

  @Test
  void refusesTensorsThatNoContextHoldsBeforeTheyAreRead() {
    String json = "{'prompt_embeds': '%s'}".formatted("A".repeat(90_000));
    assertThat(fixture.post("/v1/completions", json).body())
        .contains("prompt_embeds has more bytes than any prompt of the context of 64 positions");
  }

  @Test
  void refusesPromptsThatLeaveNoRoom() {
    assertThat(fixture.post("/v1/completions", "{'prompt': '" + "x".repeat(63) + "'}").body())
        .contains("prompt has 64 tokens and leaves no room for output in the context of 64");
  }

  @Test
  void refusesEchoOfEmbeddings() {
    String json = "{'prompt_embeds': '%s', 'echo': true}".formatted(tensor("a"));
    assertThat(fixture.post("/v1/completions", json).body())
        .contains("echo is not defined for prompt_embeds");
  }
}
