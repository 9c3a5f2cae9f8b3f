package org.promptembeds.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer on templates: one is parsed and rendered, or refused with a {@link JinjaException}, within
 * the bounds of steps and text. See {@code ParserFuzzTest} for how to fuzz.
 */
@Tag("fuzz")
class TemplateFuzzTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final Map<String, Object> CHAT =
      Map.of(
          "messages",
          List.of(
              Map.of("role", "system", "content", "Be brief."),
              Map.of("role", "user", "content", "Hello, \u00e9t\u00e9!")),
          "add_generation_prompt",
          true,
          "bos_token",
          "<s>");

  static List<byte[]> templates() {
    return Stream.of(
            "{% for message in messages %}<|{{ message['role'] }}|>{{ message.content | trim }}"
                + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}",
            "{%- set ns = namespace(found=false) -%}{% for m in messages if m.role == 'user' %}"
                + "{% set ns.found = loop.first and not loop.last %}{{ loop.index0 ~ m['content'][1:-1] }}"
                + "{% else %}{{ raise_exception('none') }}{% endfor %}",
            "{% macro item(a, b=2, *args, **kwargs) %}{{ a|tojson(indent=b) }}{% endmacro %}"
                + "{{ item(messages, b=1) }}{{ strftime_now('%d %b %Y') }}",
            "{% for x in range(3, 9, 2) %}{% if x is divisibleby 5 %}{% continue %}{% endif %}"
                + "{{ '%s-%05.2f' % (x, x / 3) }}{% break %}{% endfor %}{# a comment #}",
            "{{ messages | map(attribute='role') | join(', ') | upper | replace('A', 'b') }}"
                + "{% filter indent(2) %}a\nb{% endfilter %}{{ {'a': [1, 2.5, none]}.items() | list }}")
        .map(template -> template.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @MethodSource("templates")
  @FuzzTest(maxExecutions = 10_000_000, maxDuration = "3h")
  void fuzzTemplate(byte[] input) {
    String source = new String(input, StandardCharsets.UTF_8);
    try {
      assertThat(Template.parse(source).render(CHAT, NOON)).isNotNull();
    } catch (JinjaException e) {
      assertThat(e.getMessage()).isNotNull();
    }
  }
}
