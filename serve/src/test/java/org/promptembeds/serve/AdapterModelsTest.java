package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.serve.chat.ChatParsers;

/** Adapters as models of a server. */
class AdapterModelsTest {
  private final ServerFixture fixture = fixture("sql");

  /** A server whose model has adapters. */
  private static ServerFixture fixture(String... adapters) {
    return new ServerFixture(model(adapters), options -> options);
  }

  private static ServedModel model(String... adapters) {
    return new ServedModel(
        "tiny",
        new FakeBackend(request -> "answer"),
        new FakeEncoder(),
        FakeEncoder.HIDDEN_SIZE,
        64,
        () -> ServerFixture.STATS,
        ChatParsers.AUTO,
        Set.of(adapters));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void adaptersAreListedBesideTheirModel() {
    JsonNode data = ServerFixture.answer(fixture.get("/v1/models")).get("data");
    assertThat(data.findValuesAsText("id")).containsExactly("tiny", "sql");
    assertThat(data.get(0).has("parent")).isFalse();
    assertThat(data.get(1).get("parent").asText()).isEqualTo("tiny");
    assertThat(fixture.get("/v1/models/sql").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny", "sql"})
  void aRequestHasTheAdapterThatItNamesAsItsModel(String name) throws Exception {
    JsonNode answer = fixture.complete("{'model': '%s', 'prompt': 'ab'}".formatted(name));
    assertThat(answer.get("model").asText()).isEqualTo(name);
    assertThat(fixture.backend.next().request().params().find(ModelParameters.LORA).orElse("tiny"))
        .isEqualTo(name);

    JsonNode chat =
        fixture.chat(
            "{'model': '%s', 'messages': [{'role': 'user', 'content': 'ab'}]}".formatted(name));
    assertThat(chat.get("model").asText()).isEqualTo(name);
    assertThat(fixture.backend.next().request().params().find(ModelParameters.LORA).orElse("tiny"))
        .isEqualTo(name);
  }

  @Test
  void directoriesAndOtherNamesAreNoModels() {
    assertThat(fixture.post("/v1/completions", "{'model': '/etc', 'prompt': 'ab'}"))
        .returns(404, response -> response.statusCode())
        .extracting(response -> response.body())
        .asString()
        .contains("the model '/etc' does not exist here, only 'tiny', 'sql'");
    assertThat(
            fixture
                .post("/v1/completions", "{'model': 'tiny', 'lora': 'sql', 'prompt': 'ab'}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void anAdapterIsNotCalledAsItsModelIs() {
    assertThatThrownBy(() -> model("tiny"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an adapter is called 'tiny' as the model is: give either another name");
  }
}
