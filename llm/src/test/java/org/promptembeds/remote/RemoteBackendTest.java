package org.promptembeds.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.remote.RemoteFixture.COMPLETION;
import static org.promptembeds.remote.RemoteFixture.EMBEDS;
import static org.promptembeds.remote.RemoteFixture.GOOD;
import static org.promptembeds.remote.RemoteFixture.GREEDY;
import static org.promptembeds.remote.RemoteFixture.options;
import static org.promptembeds.remote.RemoteFixture.row;
import static org.promptembeds.remote.ScriptedServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.ContentSeed;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.remote.ScriptedServer.Script;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorBytes;
import org.promptembeds.tensor.TorchFormat;

class RemoteBackendTest {
  private final RemoteFixture fixture = new RemoteFixture();

  private GenerationResult generate(ScriptedServer server, SamplingParams params) {
    try (RemoteBackend backend = fixture.backend(options(), server)) {
      return backend.submit(row("7", params)).result().join();
    }
  }

  private Throwable failure(ScriptedServer server) {
    try (RemoteBackend backend = fixture.backend(options(), server)) {
      return backend
          .submit(row("7", GREEDY))
          .result()
          .handle(
              (result, failure) ->
                  failure == null ? new AssertionError("generated " + result) : failure)
          .join();
    }
  }

  @Test
  void readsTextTokensReasonAndLogprobs() {
    try (ScriptedServer server = new ScriptedServer(GOOD)) {
      GenerationResult result = generate(server, SamplingParams.builder().logprobs(2).build());

      assertThat(result.text()).isEqualTo("Paris.");
      assertThat(result.tokenIds()).containsExactly(4, 2);
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(result.promptTokens()).isEqualTo(2);
      assertThat(result.completionTokens()).isEqualTo(2);
      assertThat(result.logprobs()).hasSize(2);
      assertThat(result.logprobs().get(1).logprob()).isEqualTo(-2f);
      // The chosen token, third best, is not among the two that were asked for.
      assertThat(result.logprobs().get(1).topTokenIds()).containsExactly(7, 8);
      assertThat(result.logprobs().get(1).topLogprobs()).containsExactly(-0.25f, -1.5f);
    }
  }

  private static final SamplingParams TWO =
      SamplingParams.builder().temperature(1).seed(5L).set(SearchParameters.N, 2).build();

  @Test
  void oneRequestAsksForAllOutputs() {
    String body =
        """
        {"choices": [
          {"index": 1, "text": "b", "finish_reason": "stop", "token_ids": [2]},
          {"index": 0, "text": "a", "finish_reason": "length", "token_ids": [1, 3]}],
         "usage": {"completion_tokens": 3}}
        """;
    try (ScriptedServer server = new ScriptedServer(answer(200, body));
        RemoteBackend backend = fixture.backend(options(), server)) {
      List<GenerationResult> outputs =
          PendingGeneration.all(backend.submitAll(row("1", TWO), List.of())).join();

      assertThat(outputs).extracting(GenerationResult::text).containsExactly("a", "b");
      assertThat(outputs).extracting(GenerationResult::completionTokens).containsExactly(2, 1);
      JsonNode sent = server.received().get(0).body();
      assertThat(server.received()).hasSize(1);
      assertThat(sent.path("n").asInt()).isEqualTo(2);
      assertThat(sent.path("seed").asInt()).isEqualTo(5);
    }
  }

  @Test
  void tokensOfSeveralOutputsAreDividedIfTheirSumAloneIsTold() {
    String body =
        """
        {"choices": [{"index": 0, "text": "a", "finish_reason": "stop"},
                     {"index": 1, "text": "b", "finish_reason": "stop"}],
         "usage": {"completion_tokens": 7}}
        """;
    try (ScriptedServer server = new ScriptedServer(answer(200, body));
        RemoteBackend backend = fixture.backend(options(), server)) {
      assertThat(PendingGeneration.all(backend.submitAll(row("1", TWO), List.of())).join())
          .extracting(GenerationResult::completionTokens)
          .containsExactly(3, 4);
    }
  }

  @Test
  void countsTokensThatAServerDoesNotTell() {
    String body =
        """
        {"choices": [{"text": "a", "finish_reason": "length"}], "usage": {"completion_tokens": 3}}
        """;
    try (ScriptedServer server = new ScriptedServer(answer(200, body))) {
      GenerationResult result = generate(server, GREEDY);

      assertThat(result.tokenIds()).isEmpty();
      assertThat(result.completionTokens()).isEqualTo(3);
    }
  }

  @Test
  void sendsEveryParameterAndTheTensor() throws Exception {
    SamplingParams params =
        SamplingParams.builder()
            .maxTokens(9)
            .minTokens(2)
            .temperature(0.5)
            .topP(0.75)
            .topK(5)
            .minP(0.25)
            .presencePenalty(-1.5)
            .frequencyPenalty(0.5)
            .repetitionPenalty(1.25)
            .logitBias(Map.of(7, -100.0))
            .seed(-3L)
            .stop(List.of("a\"b", "é"))
            .stopTokenIds(List.of(11, 12))
            .ignoreEos(true)
            .logprobs(2)
            .build();
    try (ScriptedServer server = new ScriptedServer(GOOD)) {
      generate(server, params);

      ScriptedServer.Received received = server.received().get(0);
      assertThat(received.headers().getFirst("Authorization")).isEqualTo("Bearer sk-secret");
      assertThat(received.headers().getFirst("Content-Length")).isNotNull();
      assertThat(received.headers().getFirst("Upgrade")).isNull();
      assertThat(received.body().toString())
          .isEqualTo(
              "{\"prompt_embeds\":\"%s\",\"model\":\"tiny\",\"return_token_ids\":true,\"max_tokens\":9,\"min_tokens\":2,\"stop\":[\"a\\\"b\",\"é\"],\"stop_token_ids\":[11,12],\"ignore_eos\":true,\"temperature\":0.5,\"top_p\":0.75,\"top_k\":5,\"min_p\":0.25,\"presence_penalty\":-1.5,\"frequency_penalty\":0.5,\"repetition_penalty\":1.25,\"logit_bias\":{\"7\":-100.0},\"logprobs\":2,\"seed\":-3,\"return_tokens_as_token_ids\":true}"
                  .formatted(Base64.getEncoder().encodeToString(TorchFormat.write(EMBEDS))));
    }
  }

  @Test
  void derivesTheSeedFromTheContentAsTheEngineDoes() {
    Tensor doubles = EMBEDS.convert(DType.FLOAT64);
    Tensor batched = Tensor.of(DType.FLOAT64, doubles.data(), 1, 2, 3);
    SamplingParams sampled = SamplingParams.builder().temperature(1).build();
    try (ScriptedServer server = new ScriptedServer(GOOD);
        RemoteBackend backend = fixture.backend(options(), server)) {
      backend.submit(new GenerationRequest("0", batched, sampled)).result().join();

      JsonNode body = server.received().get(0).body();
      assertThat(body.get("seed").asLong()).isEqualTo(ContentSeed.of(doubles));
      Tensor sent = TensorBytes.readBase64("sent", body.get("prompt_embeds").asText());
      assertThat(sent).hasToString(EMBEDS.toString());
      assertThat(sent.toFloats()).isEqualTo(EMBEDS.toFloats());
    }
  }

  @Test
  void repeatsAfterFailuresWithExponentialJitter() {
    try (ScriptedServer server =
        new ScriptedServer(GOOD, answer(500, "{}"), ScriptedServer.hangUp())) {
      assertThat(generate(server, GREEDY).text()).isEqualTo("Paris.");
      assertThat(fixture.waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }
  }

  @Test
  void waitsNoLessThanTheServerAsks() {
    try (ScriptedServer server = new ScriptedServer(GOOD, answer(429, "{}", "Retry-After", "7"))) {
      assertThat(generate(server, GREEDY).text()).isEqualTo("Paris.");
      assertThat(fixture.waits).containsExactly(Duration.ofMillis(7500));
    }
  }

  @Test
  void refusalIsTheRowsErrorWithTheServersMessageAndWithoutTheKey() {
    String body = "{\"error\": {\"message\": \"bad key sk-secret\\n or tensor\", \"code\": 400}}";
    try (ScriptedServer server = new ScriptedServer(answer(400, body))) {
      assertThat(failure(server))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessage("row '7': " + server.address() + ": HTTP 400: bad key *** or tensor");
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void readsTheOlderFormOfErrors() {
    try (ScriptedServer server =
        new ScriptedServer(answer(400, "{\"object\": \"error\", \"message\": \"no model\"}"))) {
      assertThat(failure(server)).hasMessageContaining("HTTP 400: no model");
    }
  }

  @Test
  void aModelThatTheServerLacksFailsTheBackendAndTheOthersAreNamed() {
    String models = "{\"data\": [{\"id\": \"small\"}, {\"id\": \"sk-secret\"}]}";
    try (ScriptedServer server =
        new ScriptedServer(answer(200, models), answer(404, "{\"message\": \"no model\"}"))) {
      assertThat(failure(server))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "the server at %s has no model 'tiny', only small, ***: put one of these after #"
                  .formatted(server.address()));
    }
  }

  @Test
  void anAddressWithNothingBehindItFailsTheBackend() {
    try (ScriptedServer server = new ScriptedServer(answer(404, "nothing"))) {
      assertThat(failure(server))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "%s: HTTP 404: nothing: the address must end where /completions follows, such as http://HOST:PORT/v1"
                  .formatted(server.address()));
    }
  }

  @Test
  void noServerAtAllIsSaidAsThat() {
    ScriptedServer gone = new ScriptedServer(GOOD);
    gone.close();

    assertThat(failure(gone))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "model 'tiny': 3 attempts failed, the last at %s: no server listens there: start it, or correct the address"
                .formatted(gone.address()));
  }

  @Test
  void serverThatStaysUnavailableFailsTheBackend() {
    try (ScriptedServer server = new ScriptedServer(answer(503, "starting"))) {
      assertThat(failure(server))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("model 'tiny': 3 attempts failed")
          .hasMessageContaining("HTTP 503: starting");
      assertThat(server.received()).hasSize(3);
    }
  }

  static Stream<Arguments> wrongAnswers() {
    Function<String, Script> good = body -> answer(200, body);
    return Stream.of(
        Arguments.of(answer(500, "boom"), "HTTP 500: boom"),
        Arguments.of(good.apply("<html>"), "is not JSON, or cut off"),
        Arguments.of(good.apply(COMPLETION.substring(0, 80)), "is not JSON, or cut off"),
        Arguments.of(good.apply(""), "has no choices"),
        Arguments.of(good.apply("[]"), "has no choices"),
        Arguments.of(good.apply("{\"choices\": []}"), "has 0 choices, not 1"),
        Arguments.of(good.apply("{\"choices\": [{}, {}]}"), "has 2 choices, not 1"),
        Arguments.of(
            good.apply(COMPLETION.replace("\"stop\"", "\"abort\"")), "finish_reason \"abort\""),
        Arguments.of(
            good.apply(COMPLETION.replace("completion_tokens\": 2", "completion_tokens\": 5")),
            "has 2 token_ids and counts 5"),
        Arguments.of(
            good.apply(COMPLETION.replace("[4, 2]", "[4, \"x\"]")),
            "has \"x\" among its token_ids"),
        Arguments.of(good.apply("{\"choices\": [{\"finish_reason\": \"stop\"}]}"), "has no text"),
        Arguments.of(
            good.apply(
                "{\"choices\": [{\"text\": \"\", \"finish_reason\": \"stop\"}], \"usage\": {\"completion_tokens\": 999}}"),
            "has 999 tokens, more than max_tokens 256"));
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void answerThatStaysWrongIsTheRowsError(Script script, String message) {
    try (ScriptedServer server = new ScriptedServer(script)) {
      assertThat(failure(server))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("row '7': 3 attempts failed, the last at " + server.address())
          .hasMessageContaining(message);
    }
  }

  @Test
  void logprobsMustCoverEveryToken() {
    try (ScriptedServer server =
            new ScriptedServer(answer(200, COMPLETION.replace("\"logprobs\"", "\"nothing\"")));
        RemoteBackend backend = fixture.backend(options(), server)) {
      assertThatThrownBy(
              backend.submit(row("7", SamplingParams.builder().logprobs(0).build())).result()::join)
          .hasMessageContaining("has log-probabilities for 0 of 2 tokens");
    }
  }

  @Test
  void cutOffAnswerIsRepeated() {
    try (ScriptedServer server = new ScriptedServer(GOOD, ScriptedServer.truncated(COMPLETION))) {
      assertThat(generate(server, GREEDY).text()).isEqualTo("Paris.");
      assertThat(fixture.waits).hasSize(1);
    }
  }

  @Test
  void answerOfAnySizeIsNotRead() {
    try (ScriptedServer server = new ScriptedServer(answer(200, " ".repeat(20_000)))) {
      assertThat(failure(server)).hasMessageContaining("larger than the 10000 bytes allowed");
    }
  }

  @Test
  void serverThatDoesNotAnswerInTimeFailsTheBackend() {
    CountDownLatch never = new CountDownLatch(1);
    RemoteOptions hasty =
        new RemoteOptions(
            1,
            2,
            Duration.ofSeconds(10),
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            10_000);
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.after(never, GOOD));
        RemoteBackend backend = fixture.backend(hasty, server)) {
      assertThatThrownBy(backend.submit(row("7", GREEDY)).result()::join)
          .hasCauseInstanceOf(BackendException.class)
          .hasMessageContaining("2 attempts failed")
          .hasMessageContaining("no answer within PT0.02S");
    } finally {
      never.countDown();
    }
  }
}
