package org.promptembeds.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.remote.ScriptedServer.answer;
import static org.promptembeds.remote.ScriptedServer.hangUp;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.BackendException;

class ModelCardTest {
  private static final String MODELS =
      """
      {"object": "list", "data": [{"id": "huge", "hidden_size": 9}, {"id": "tiny", "hidden_size": 3}]}
      """;

  private final RemoteFixture fixture = new RemoteFixture();

  @Test
  void theHiddenSizeIsAskedForOnce() {
    try (ScriptedServer server = new ScriptedServer(answer(200, MODELS));
        RemoteBackend backend = fixture.backend(RemoteFixture.options(), server)) {
      assertThat(server.received()).isEmpty();
      assertThat(backend.hiddenSize()).hasValue(3);
      assertThat(backend.hiddenSize()).hasValue(3);
      assertThat(server.received())
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.path()).isEqualTo("/v1/models");
                assertThat(request.headers().getFirst("Authorization"))
                    .isEqualTo("Bearer sk-secret");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\": [{\"id\": \"tiny\"}]}",
        "{\"data\": [{\"id\": \"tiny\", \"hidden_size\": \"wide\"}]}",
        "{\"data\": [{\"id\": \"other\", \"hidden_size\": 3}]}",
        "[]",
        "no JSON"
      })
  void aServerThatDoesNotTellIsBelieved(String body) {
    try (ScriptedServer server = new ScriptedServer(answer(200, body));
        RemoteBackend backend = fixture.backend(RemoteFixture.options(), server)) {
      assertThat(backend.hiddenSize()).isEmpty();
      assertThat(backend.hiddenSize()).isEmpty();
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void aServerWithoutTheListDoesNotTell() {
    try (ScriptedServer server = new ScriptedServer(answer(404, "{}"));
        RemoteBackend backend = fixture.backend(RemoteFixture.options(), server)) {
      assertThat(backend.hiddenSize()).isEmpty();
    }
  }

  @Test
  void aServerThatIsNotReadyIsAskedAgain() {
    try (ScriptedServer server =
            new ScriptedServer(answer(200, MODELS), answer(503, "", "Retry-After", "2"), hangUp());
        RemoteBackend backend = fixture.backend(RemoteFixture.options(), server)) {
      assertThat(backend.hiddenSize()).hasValue(3);
      assertThat(fixture.waits).contains(Duration.ofMillis(2500));
    }
  }

  @Test
  void aServerThatStaysAwayFailsTheTask() {
    try (ScriptedServer server = new ScriptedServer(answer(503, "sk-secret is down"));
        RemoteBackend backend = fixture.backend(RemoteFixture.options(), server)) {
      assertThatThrownBy(backend::hiddenSize)
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("cannot ask for the hidden size of tiny: 3 attempts failed, ")
          .hasMessageContaining("HTTP 503: *** is down");
    }
  }
}
