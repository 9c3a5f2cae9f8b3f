package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.serve.ServerFixture.tensor;

import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.Tensor;

/** What prompts carry besides embeddings, as requests give it. */
class PromptExtrasTest {
  private final ServerFixture fixture = new ServerFixture(backend());

  private static FakeBackend backend() {
    FakeBackend backend = new FakeBackend(request -> "re");
    backend.lookingUpTokens();
    return backend;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private PromptExtras next() throws InterruptedException {
    return fixture.backend.next().request().extras();
  }

  @Test
  void embeddingsCarryWhatTheirFieldsSay() throws Exception {
    Tensor features = Tensor.ofFloats(new float[2 * 1 * 3], 2, 1, 3); // layers, rows, hidden
    fixture.complete(
        ("{'prompt_embeds': '%s', 'position_ids': [[0, 1, 1], [0, 1, 1], [0, 1, 2]],"
                + " 'bidirectional_spans': [[1, 3]], 'deepstack_embeds': '%s',"
                + " 'deepstack_rows': [2], 'token_ids': [7, -1, -1]}")
            .formatted(tensor("abc"), tensor(features)));

    PromptExtras extras = next();
    assertThat(extras.positions().length()).isEqualTo(3);
    assertThat(extras.positions().position(2, 2)).isEqualTo(2);
    assertThat(extras.positions().position(3, 0)).as("of the token after the prompt").isEqualTo(3);
    assertThat(extras.spans().ahead(1)).isEqualTo(1);
    assertThat(extras.deepstack().layers()).isEqualTo(2);
    assertThat(extras.deepstack().row(0)).isEqualTo(2);
    assertThat(extras.tokens().id(0)).isEqualTo(7);
    assertThat(extras.tokens().id(1)).isEqualTo(-1);
    assertThat(extras.asText()).isFalse();
  }

  @Test
  void aListOfEmbeddingsHasAValueForEach() throws Exception {
    fixture.complete(
        ("{'prompt_embeds': ['%s', '%s'], 'bidirectional_spans': [null, [[0, 2]]],"
                + " 'missing_inputs': 'as_text'}")
            .formatted(tensor("ab"), tensor("cd")));

    PromptExtras first = next();
    PromptExtras second = next();
    assertThat(first.isNone()).isTrue();
    assertThat(first.asText()).isTrue();
    assertThat(second.spans().end()).isEqualTo(2);
  }

  @Test
  void textsCarryTheirTokensWhereTheModelLooksThemUp() throws Exception {
    fixture.complete("{'prompt': 'hi'}");
    PromptExtras text = next();
    fixture.chat(
        "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'x'},"
            + " {'type': 'prompt_embeds', 'data': '%s'}]}]}".formatted(tensor("ab")));
    GenerationRequest chat = fixture.backend.next().request();

    assertThat(text.tokens().length()).isEqualTo(3); // with the token that begins a text
    assertThat(text.tokens().id(1)).isEqualTo('h');
    int rows = (int) chat.embeds().size(0);
    assertThat(chat.extras().tokens().length()).isEqualTo(rows);
    assertThat(IntStream.range(0, rows).map(chat.extras().tokens()::id))
        .as("two rows are of the tensor")
        .filteredOn(id -> id == -1)
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'prompt': 'x', 'token_ids': [1]|token_ids belongs to prompt_embeds, which the request has none of",
        "'prompt_embeds': 'E', 'position_ids': [[0], [0]]|position_ids are 2 lists, not 3",
        "'prompt_embeds': 'E', 'position_ids': 3|position_ids must be a list of lists of integers, got 3",
        "'prompt_embeds': 'E', 'bidirectional_spans': [[2, 1]]|bidirectional_spans[0] must begin at 0 or later",
        "'prompt_embeds': 'E', 'token_ids': [1.5]|token_ids must be a list of integers, got 1.5",
        "'prompt_embeds': ['E', 'E'], 'token_ids': [[1]]|token_ids must be a list of 2 values, one or null for each of prompt_embeds, got 1",
        "'prompt_embeds': 'E', 'deepstack_embeds': 'AAAA'|deepstack_embeds: base64 must hold the bytes of torch.save",
        "'prompt_embeds': 'E', 'deepstack_rows': [1]|deepstack_rows say which rows deepstack_embeds are of",
        "'prompt_embeds': 'E', 'missing_inputs': 'pad'|missing_inputs must be \"error\" or \"as_text\", got \"pad\"",
        "'prompt_embeds': 'E', 'position_ids': [[LONG]]|position_ids has 64 rows or more and leaves no room"
      })
  void whatIsNoExtraIsRefused(String fields, String message) {
    String json =
        "{%s}"
            .formatted(
                fields.replace("E'", tensor("a") + "'").replace("LONG", "0,".repeat(99) + 0));
    HttpResponse<String> response = fixture.post("/v1/completions", json);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ServerFixture.json(response.body()).path("error").path("message").asText())
        .contains(message);
  }
}
