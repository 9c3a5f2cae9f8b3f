package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.generation.parameter.Surface;
import org.promptembeds.remote.ApiKey;
import org.promptembeds.remote.RemoteBackend;
import org.promptembeds.remote.RemoteModel;
import org.promptembeds.remote.RemoteOptions;
import org.promptembeds.serve.chat.ChatParsers;
import org.promptembeds.tensor.Tensor;

/**
 * The table of sampling parameters on its way to a server: what the remote backend sends is what
 * the server reads.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParameterFieldsTest {
  private final ServerFixture fixture = new ServerFixture(model(), options -> options);
  private final RemoteBackend remote =
      RemoteBackend.open(
          RemoteModel.parse("http://127.0.0.1:" + fixture.server.port() + "/v1#tiny"),
          ApiKey.none(),
          RemoteOptions.defaults());

  /** A model with the adapter that the example of one names. */
  private static ServedModel model() {
    return new ServedModel(
        "tiny",
        new FakeBackend(request -> "answer"),
        new FakeEncoder(),
        FakeEncoder.HIDDEN_SIZE,
        64,
        () -> ServerFixture.STATS,
        ChatParsers.AUTO,
        Set.of(ModelParameters.LORA.example()));
  }

  @AfterAll
  void close() {
    remote.close();
    fixture.close();
  }

  static List<Parameter<?>> parameters() {
    return Parameters.all();
  }

  @ParameterizedTest
  @MethodSource("parameters")
  <T> void arrivesAsItWasSent(Parameter<T> parameter) throws Exception {
    SamplingParams params =
        SamplingParams.builder()
            // A row that samples sends its seed; beams do not sample.
            .temperature(parameter == SearchParameters.BEAM_WIDTH ? 0 : 0.5)
            .seed(7L)
            .set(parameter, parameter.example())
            .build();
    Tensor embeds = fixture.encoder.embed(new int[] {5, 6});
    GenerationRequest request = new GenerationRequest("1", embeds, params);
    CompletableFuture<List<GenerationResult>> result =
        PendingGeneration.all(remote.submitAll(request, List.of()));
    if (parameter.hole(Surface.REMOTE).isPresent()) {
      assertThat(result)
          .failsWithin(Duration.ofMinutes(1))
          .withThrowableThat()
          .withMessageContaining(parameter + ": " + parameter.hole(Surface.REMOTE).get());
      return;
    }

    result.join();
    assertThat(parameter.hole(Surface.SERVER)).isEmpty();
    for (GenerationRequest one : request.ofOneOutput()) {
      assertThat(fixture.backend.next().request().params()).isEqualTo(one.params());
    }

    assertThat(fixture.backend.submitted()).isZero();
  }
}
