package org.promptembeds.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.schema.Keyword.Fate;
import org.promptembeds.grammar.text.Formats;

/** Keywords as the documentation has them, and what is said where one cannot hold. */
class KeywordTest {
  @Test
  void pageHasTheKeywords() throws IOException {
    StringBuilder table = new StringBuilder("| keyword | |\n|---|---|\n");
    Arrays.stream(Keyword.values())
        .filter(keyword -> keyword.fate() == Fate.HOLDS)
        .forEach(
            keyword -> table.append("| `%s` | %s |\n".formatted(keyword.word(), keyword.note())));
    table.append(
        "\nFormats: %s.\n\nAsk nothing of values: %s.\n\nRefused: %s.\n"
            .formatted(
                Formats.names().stream().map(n -> "`" + n + "`").collect(Collectors.joining(", ")),
                words(Fate.SAYS_NOTHING),
                words(Fate.REFUSED)));
    GeneratedPart.of(Path.of("../docs/structured-output.md"), "keywords").check(table.toString());
  }

  private static String words(Fate fate) {
    return Arrays.stream(Keyword.values())
        .filter(keyword -> keyword.fate() == fate)
        .map(keyword -> "`" + keyword.word() + "`")
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedKeywordIsNamedWithItsPlace(Keyword keyword) {
    if (keyword.fate() != Fate.REFUSED) {
      return;
    }

    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(
            () ->
                SchemaCompiler.compile(
                    "{\"properties\": {\"a/b\": {\"%s\": [1]}}}".formatted(keyword.word()),
                    Spacing.FIXED))
        .withMessage(
            "json_schema: at #/properties/a~1b, '%s' is not supported: leave it out, and check outputs for it",
            keyword.word());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"requierd\": []}|json_schema: at #, 'requierd' is unknown: correct it, or leave it out if it asks nothing of values",
        "{\"type\": \"text\"}|json_schema: at #, 'type' has \"text\": name null, boolean, integer, number, string, array or object",
        "{\"minLength\": -1}|json_schema: at #, 'minLength' must be a whole number of at least 0, is -1",
        "{\"pattern\": \"a(?=b)\"}|the pattern 'a(?=b)' has (?=, which is not supported: only groups, (?:…) and (?<name>…) are",
        "{\"pattern\": \"[z-a]\"}|the pattern '[z-a]' is malformed at character 4: a range whose end comes before its start",
        "{\"$ref\": \"#/$defs/x\"}|json_schema: at #, '$ref' is #/$defs/x, where the schema has nothing",
        "{\"anyOf\": [{\"$ref\": \"#\"}]}|json_schema: at #, '$ref' leads back to itself without a property or an item between",
        "{\"oneOf\": [{\"type\": \"integer\"}, {\"minimum\": 2}]}|json_schema: at #, 'oneOf' has options 0 and 1 that a value can fulfil both, which is not supported: make them exclude one another, or use anyOf",
        "{\"type\": \"string\", \"enum\": [1]}|no output fulfils it: its conditions exclude one another",
        "{\"type\": \"string\", \"format\": \"iri\"}|json_schema: at #, 'format' is iri, which is not supported: leave it out, or use one of [date, date-time, duration, email, hostname, ipv4, ipv6, time, uri, uuid]",
        "[1]|json_schema must be a JSON object, is ARRAY"
      })
  void whatCannotBeDoneIsSaid(String schema, String message) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> SchemaCompiler.compile(schema, Spacing.FIXED))
        .withMessage("%s", message);
  }

  @Test
  void recursionEndsAtItsGrammar() {
    assertThat(
            SchemaCompiler.compile(
                    """
                    {"$ref": "#/$defs/list", "$defs": {"list": {"type": "object",
                      "properties": {"next": {"$ref": "#/$defs/list"}}}}}""",
                    Spacing.FIXED)
                .shortest())
        .isEqualTo(2);
  }
}
