package org.promptembeds.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small templates render as Python's Jinja2 renders them, and are refused where it refuses them.
 * The expectations come from {@code src/test/reference/generate_snippets.py}.
 */
class SnippetsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-05T09:07:02Z"), ZoneOffset.UTC);

  static Stream<Arguments> snippets() throws IOException {
    Map<String, Object> variables = MAPPER.convertValue(read("context.json"), new VariablesType());
    return StreamSupport.stream(read("snippets.json").spliterator(), false)
        .map(snippet -> Arguments.of(snippet.get("source").asText(), snippet, variables));
  }

  private static final class VariablesType extends TypeReference<Map<String, Object>> {}

  private static JsonNode read(String name) throws IOException {
    try (InputStream in = SnippetsTest.class.getResourceAsStream("/templates/" + name)) {
      return MAPPER.readTree(Objects.requireNonNull(in));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void rendersAsPython(String source, JsonNode snippet, Map<String, Object> variables) {
    if (snippet.has("error")) {
      assertThatThrownBy(() -> Template.parse(source).render(variables, CLOCK))
          .isInstanceOf(JinjaException.class)
          .satisfies(e -> assertThat(((JinjaException) e).line()).isPositive());
    } else {
      assertThat(Template.parse(source).render(variables, CLOCK))
          .isEqualTo(snippet.get("expected").asText());
    }
  }
}
