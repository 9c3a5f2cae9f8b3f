package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ChoiceParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.StopParameters;
import org.promptembeds.remote.ApiKey;
import org.promptembeds.remote.RemoteBackend;
import org.promptembeds.remote.RemoteModel;
import org.promptembeds.remote.RemoteOptions;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** What every backend must do, done by the engine here and by the same engine behind a server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackendContractTest {
  private TinyChatServer server;
  private GenerationBackend remote;

  @BeforeAll
  void start() throws InterruptedException {
    server = new TinyChatServer();
    remote =
        RemoteBackend.open(
            RemoteModel.parse(server.address() + "#tiny-chat"),
            ApiKey.of(TinyChatServer.KEY),
            RemoteOptions.defaults());
  }

  @AfterAll
  void stop() {
    remote.close();
    server.close();
  }

  private List<GenerationBackend> backends() {
    return List.of(server.engine(), remote);
  }

  Stream<SamplingParams> params() {
    return Stream.of(
            SamplingParams.builder(),
            SamplingParams.builder().maxTokens(3),
            SamplingParams.builder().logprobs(0),
            SamplingParams.builder().logprobs(5).maxTokens(6),
            SamplingParams.builder().temperature(1.5).maxTokens(12),
            SamplingParams.builder().temperature(1.5).maxTokens(12).seed(-17L).logprobs(3),
            SamplingParams.builder().temperature(2).topK(3).topP(0.8).minP(0.1).seed(1L << 60),
            SamplingParams.builder().logitBias(Map.of(70, 20.0, 71, -100.0)).maxTokens(9),
            SamplingParams.builder().repetitionPenalty(1.5).maxTokens(30).ignoreEos(true),
            SamplingParams.builder().presencePenalty(2).frequencyPenalty(-1).maxTokens(30),
            SamplingParams.builder().stop(List.of("Paris. P", "city")),
            SamplingParams.builder().stop(List.of("Paris")).minTokens(20).maxTokens(30),
            SamplingParams.builder().stopTokenIds(List.of(70, 71, 72, 300)),
            SamplingParams.builder().set(ChoiceParameters.BAD_WORDS, List.of("Paris", "Europe.")),
            SamplingParams.builder()
                .set(OutputParameters.SKIP_SPECIAL_TOKENS, false)
                .ignoreEos(true)
                .maxTokens(40),
            SamplingParams.builder()
                .set(StopParameters.INCLUDE_STOP_STR_IN_OUTPUT, true)
                .stop(List.of("Paris. P", "city")),
            SamplingParams.builder().ignoreEos(true).maxTokens(40))
        .map(SamplingParams.Builder::build);
  }

  @ParameterizedTest
  @MethodSource("params")
  void resultsAreTheSame(SamplingParams params) {
    GenerationRequest request =
        new GenerationRequest("7", server.embed(TinyChatServer.PROMPT), params);
    GenerationResult local = server.engine().submit(request).result().join();
    GenerationResult there = remote.submit(request).result().join();

    assertThat(there.text()).isEqualTo(local.text());
    // A server does not tell how long a row waited, nor which rank a token has.
    assertThat(there)
        .usingRecursiveComparison()
        .ignoringFields("timings")
        .ignoringFieldsMatchingRegexes("logprobs.*rank")
        .isEqualTo(local);
  }

  @Test
  void answersTheQuestion() {
    for (GenerationBackend backend : backends()) {
      GenerationResult result =
          backend
              .submit(
                  new GenerationRequest(
                      "7", server.embed(TinyChatServer.PROMPT), SamplingParams.builder().build()))
              .result()
              .join();
      assertThat(result.text()).isEqualTo(TinyChatServer.ANSWER);
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void theTextIsCutAsAskedFor() {
    SamplingParams.Builder stopped =
        SamplingParams.builder().set(StopParameters.INCLUDE_STOP_STR_IN_OUTPUT, true);
    assertThat(text(stopped.stop(List.of("Paris")))).isEqualTo("The capital of France is Paris");
    assertThat(text(SamplingParams.builder().stop(List.of("Paris"))))
        .isEqualTo("The capital of France is ");
    assertThat(
            text(
                SamplingParams.builder()
                    .set(StopParameters.INCLUDE_STOP_STR_IN_OUTPUT, true)
                    .set(OutputParameters.SKIP_SPECIAL_TOKENS, false)))
        .isEqualTo(TinyChatServer.ANSWER + "<|end|>");
    assertThat(text(SamplingParams.builder().set(ChoiceParameters.BAD_WORDS, List.of("Paris"))))
        .startsWith("The capital of France is ")
        .doesNotContain("Paris");
  }

  private String text(SamplingParams.Builder params) {
    return String.valueOf(
        server
            .engine()
            .submit(new GenerationRequest("7", server.embed(TinyChatServer.PROMPT), params.build()))
            .result()
            .join()
            .text());
  }

  @Test
  void whatNoServerTakesIsRefused() {
    SamplingParams params =
        SamplingParams.builder().set(OutputParameters.DETOKENIZE, false).build();
    GenerationRequest request =
        new GenerationRequest("7", server.embed(TinyChatServer.PROMPT), params);

    assertThat(server.engine().submit(request).result().join().text()).isNull();
    assertThat(remote.submit(request).result())
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .withMessageContaining("parameters that do not go to servers: detokenize: the APIs");
  }

  @Test
  void takesEveryFloatingPointType() {
    Tensor embeds = server.embed(TinyChatServer.PROMPT);
    for (GenerationBackend backend : backends()) {
      for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16)) {
        assertThat(
                backend
                    .submit(
                        new GenerationRequest(
                            "7", embeds.convert(dtype), SamplingParams.builder().build()))
                    .result()
                    .join()
                    .text())
            .isEqualTo(TinyChatServer.ANSWER);
      }
    }
  }

  @Test
  void manyRowsAtATimeKeepTheirResults() {
    List<String> prompts =
        Stream.of("capital of France", "capital of Italy", "capital of Japan", "color of grass")
            .map(what -> "<|user|>What is the %s?<|end|><|assistant|>".formatted(what))
            .toList();
    List<List<String>> texts = new ArrayList<>();
    for (GenerationBackend backend : backends()) {
      List<CompletableFuture<GenerationResult>> pending = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        pending.add(
            backend
                .submit(
                    new GenerationRequest(
                        "" + i,
                        server.embed(prompts.get(i % prompts.size())),
                        SamplingParams.builder().maxTokens(24).build()))
                .result());
      }

      texts.add(pending.stream().map(result -> String.valueOf(result.join().text())).toList());
    }

    assertThat(texts.get(1)).isEqualTo(texts.get(0));
  }

  Stream<Tensor> badRows() {
    return Stream.of(
        Tensor.ofFloats(new float[6], 2, 3),
        Tensor.ofFloats(new float[0], 0, 192),
        Tensor.ofFloats(new float[192], 192),
        Tensor.ofFloats(new float[192 * 513], 513, 192),
        nan());
  }

  private static Tensor nan() {
    float[] values = new float[192];
    values[100] = Float.NaN;
    return Tensor.ofFloats(values, 1, 192);
  }

  @ParameterizedTest
  @MethodSource("badRows")
  void rowAtFaultFailsByItself(Tensor embeds) {
    for (GenerationBackend backend : backends()) {
      Throwable failure =
          backend
              .submit(new GenerationRequest("row-9", embeds, SamplingParams.builder().build()))
              .result()
              .handle((result, thrown) -> thrown == null ? new AssertionError("done") : thrown)
              .join();
      assertThat(failure)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("row 'row-9'");
    }
  }

  @Test
  void cancelledRowCompletesAsCancelled() {
    for (GenerationBackend backend : backends()) {
      PendingGeneration pending =
          backend.submit(
              new GenerationRequest(
                  "7",
                  server.embed(TinyChatServer.PROMPT),
                  SamplingParams.builder().ignoreEos(true).maxTokens(400).build()));
      pending.cancel();
      assertThat(pending.result()).isCancelled().isCompletedExceptionally();
      assertThat(pending.result().handle((r, e) -> e).join())
          .isInstanceOf(CancellationException.class);
    }
  }
}
