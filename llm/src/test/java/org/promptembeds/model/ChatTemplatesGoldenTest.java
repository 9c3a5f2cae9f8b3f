package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.InvalidRequestException;

/**
 * Whole templates in the style of popular models render byte for byte as Python's Jinja2 renders
 * them. The expectations come from {@code src/test/reference/generate_chat_templates.py}.
 */
class ChatTemplatesGoldenTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-05T09:07:02Z"), ZoneOffset.UTC);

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        ChatTemplatesGoldenTest.class.getResourceAsStream("/templates/" + name));
  }

  private static JsonNode json(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return MAPPER.readTree(in);
    }
  }

  static Stream<Arguments> renderings() throws IOException {
    JsonNode conversations = json("conversations.json");
    return StreamSupport.stream(json("expected.json").spliterator(), false)
        .map(
            expected -> {
              String name = expected.get("conversation").asText();
              JsonNode conversation =
                  StreamSupport.stream(conversations.spliterator(), false)
                      .filter(candidate -> candidate.get("name").asText().equals(name))
                      .findFirst()
                      .orElseThrow();
              return Arguments.of(expected.get("template").asText(), name, conversation, expected);
            });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("renderings")
  void rendersAsPython(
      String template, String name, JsonNode conversation, JsonNode expected, @TempDir Path model)
      throws IOException {
    try (InputStream in = resource("chat/" + template)) {
      Files.copy(in, model.resolve("chat_template.jinja"));
    }

    Files.writeString(
        model.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}, \"pad_token\": null}");
    ChatTemplate chatTemplate = ChatTemplate.open(model, CLOCK).orElseThrow();

    if (expected.has("error")) {
      String message = expected.path("raised").asText("chat_template.jinja, line ");
      assertThatThrownBy(() -> render(chatTemplate, conversation))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(message);
    } else {
      assertThat(render(chatTemplate, conversation)).isEqualTo(expected.get("expected").asText());
    }
  }

  private static String render(ChatTemplate template, JsonNode conversation) {
    return template.render(
        MAPPER.convertValue(
            conversation.get("messages"), new TypeReference<List<Map<String, ?>>>() {}),
        conversation.get("add_generation_prompt").asBoolean(),
        MAPPER.convertValue(
            conversation.has("variables")
                ? conversation.get("variables")
                : MAPPER.createObjectNode(),
            new TypeReference<Map<String, ?>>() {}));
  }
}
