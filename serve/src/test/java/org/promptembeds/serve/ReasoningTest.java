package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.serve.chat.ChatParsers;

/** Thoughts over HTTP, of models that write them between marks. */
class ReasoningTest {
  private static final String TEMPLATE = "<think> </think> reasoning_effort";
  private static final String THOUGHT = "<think>\nHm.\n</think>\n\nYes.";

  private static ServerFixture fixture(String parser, String answer) {
    FakeBackend backend = new FakeBackend(request -> answer);
    ServedModel model =
        ServerFixture.model(backend, new FakeEncoder(TEMPLATE), 4096)
            .with(new ChatParsers("auto", parser));
    return new ServerFixture(model, options -> options);
  }

  /** A question; the template of the fake ends the prompt with what the last message holds. */
  private static String ask(String fields) {
    return "{'messages': [{'role': 'u', 'content': 'hi'}]" + fields + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto | <think>Hm.</think>Yes. | Hm. | Yes. | 18",
        "qwen3 | Yes. | | Yes. | 0",
        "deepseek_r1 | Hm.</think>Yes. | Hm. | Yes. | 11",
        "deepseek_r1 | Hm. | Hm. | | 3",
      })
  void tellsThoughtsApart(
      String parser, String answer, String thoughts, String content, int tokens) {
    try (ServerFixture fixture = fixture(parser, answer)) {
      JsonNode body = fixture.chat(ask(""));
      JsonNode message = body.path("choices").path(0).path("message");

      assertThat(message.path("content").asText()).isEqualTo(content == null ? "" : content);
      assertThat(message.path("reasoning_content").asText(null)).isEqualTo(thoughts);
      assertThat(message.path("reasoning").asText(null)).isEqualTo(thoughts);
      assertThat(body.at("/usage/completion_tokens_details/reasoning_tokens").asInt())
          .isEqualTo(tokens);
    }
  }

  @Test
  void leavesThoughtsInContentOrOutIfAsked() {
    try (ServerFixture fixture = fixture("none", THOUGHT)) {
      JsonNode body = fixture.chat(ask(""));
      assertThat(body.at("/choices/0/message/content").asText()).isEqualTo(THOUGHT);
      assertThat(body.path("usage").has("completion_tokens_details")).isFalse();
    }

    try (ServerFixture fixture = fixture("qwen3", THOUGHT)) {
      JsonNode message = fixture.chat(ask(", 'include_reasoning': false")).at("/choices/0/message");
      assertThat(message.path("content").asText()).isEqualTo("Yes.");
      assertThat(message.has("reasoning")).isFalse();
    }
  }

  @Test
  void thePromptTellsWhetherThoughtsHaveBegunOrEnded() {
    try (ServerFixture fixture = fixture("qwen3", "Hm.</think>Yes.")) {
      JsonNode open =
          fixture.chat(
              "{'messages': [{'role': 'u', 'content': '<think>'}], 'add_generation_prompt': false}");
      assertThat(open.at("/choices/0/message/reasoning").asText()).isEqualTo("Hm.");
    }

    try (ServerFixture fixture = fixture("deepseek_r1", "Yes.")) {
      JsonNode ended =
          fixture.chat(
              "{'messages': [{'role': 'u', 'content': '<think></think>'}], 'add_generation_prompt': false}");
      assertThat(ended.at("/choices/0/message/content").asText()).isEqualTo("Yes.");
    }
  }

  @Test
  void streamsThoughtsBeforeContent() {
    ServedModel model =
        ServerFixture.model(FakeBackend.telling(THOUGHT), new FakeEncoder(TEMPLATE), 4096);
    try (ServerFixture fixture = new ServerFixture(model, options -> options)) {
      var lines =
          fixture.stream(
              "/v1/chat/completions",
              ask(", 'stream': true, 'stream_options': {'include_usage': true}"));
      List<JsonNode> events = fixture.events(lines);

      StringBuilder order = new StringBuilder();
      for (JsonNode event : events) {
        JsonNode delta = event.at("/choices/0/delta");
        order.append("r".repeat(delta.path("reasoning_content").asText("").length()));
        order.append("c".repeat(delta.path("content").asText("").length()));
      }

      assertThat(order).hasToString("rrrcccc");
      assertThat(
              events
                  .get(events.size() - 1)
                  .at("/usage/completion_tokens_details/reasoning_tokens")
                  .asInt())
          .isEqualTo(20);
    }
  }

  @Test
  void formsBeginAfterThoughts() throws Exception {
    try (ServerFixture fixture = fixture("deepseek_r1", "")) {
      fixture.chat(ask(", 'structured_outputs': {'regex': 'a+'}"));
      assertThat(fixture.backend.next().request().params().find(FormParameters.STRUCTURAL_TAG))
          .hasValueSatisfying(tag -> assertThat(tag).contains("</think>").contains("a+"));
    }
  }

  @Test
  void effortGoesToTheTemplate() throws Exception {
    try (ServerFixture fixture = fixture("auto", "")) {
      fixture.chat(ask(", 'reasoning_effort': 'low'"));
      assertThat(FakeEncoder.textOf(fixture.backend.next().request().embeds()))
          .startsWith("reasoning_effort=low;");
    }
  }
}
