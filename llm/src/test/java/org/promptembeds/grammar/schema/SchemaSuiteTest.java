package org.promptembeds.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Pushdown;

/**
 * The official test suite of JSON Schema: a schema is refused by the name of what is not supported,
 * or else each of its tests comes out as it should. Of the optional tests, those of the formats
 * that are known, of patterns and of numbers are taken.
 */
class SchemaSuiteTest {
  private static final Path SUITE = Path.of("src/test/resources/json-schema-test-suite");
  private static final Path PAGE = Path.of("../docs/structured-output.md");
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final String DRAFT_7 = "http://json-schema.org/draft-07/schema#";

  /** What a file of the suite came to. */
  private static final class Counts {
    private int right;
    private int refused;
    private int unwritten;
  }

  private final Map<String, Counts> counts = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void everyTestIsRightOrItsSchemaIsRefusedByName() throws IOException {
    try (Stream<Path> files = Files.walk(SUITE)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        for (JsonNode group : MAPPER.readTree(file.toFile())) {
          check(file, group);
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(counts.values().stream().mapToInt(c -> c.right).sum()).isGreaterThan(2000);
    GeneratedPart.of(PAGE, "suite").check(table());
  }

  private void check(Path file, JsonNode group) {
    String name = file.getFileName().toString().replace(".json", "");
    Counts count = counts.computeIfAbsent(name, missing -> new Counts());
    Pushdown grammar = grammar(file, group, count);
    if (grammar == null) {
      return;
    }

    for (JsonNode test : group.get("tests")) {
      boolean valid = test.get("valid").asBoolean();
      boolean accepted = Spellings.accepts(grammar, test.get("data"));
      if (accepted == valid) {
        count.right++;
      } else if (valid && isNotWritten(name, group, test)) {
        count.unwritten++;
      } else {
        wrong.add(
            "%s | %s | %s | %s | %s"
                .formatted(
                    valid ? "rejects valid" : "accepts invalid",
                    SUITE.relativize(file),
                    test.get("description"),
                    group.get("schema"),
                    test.get("data")));
      }
    }
  }

  /** Valid values that are left out and documented to be: formats hold, and are written plainly. */
  private static boolean isNotWritten(String file, JsonNode group, JsonNode test) {
    String description = test.get("description").asText();
    return switch (file) {
      case "format" -> description.endsWith("is only an annotation by default");
      case "hostname" -> group.get("description").asText().contains("punycode");
      case "time", "date-time" -> description.contains("leap second");
      default -> false;
    };
  }

  private static @Nullable Pushdown grammar(Path file, JsonNode group, Counts count) {
    JsonNode schema = group.get("schema").deepCopy();
    if (file.startsWith(SUITE.resolve("draft7")) && schema instanceof ObjectNode object) {
      object.put("$schema", object.path("$schema").asText(DRAFT_7));
    }

    try {
      return SchemaCompiler.compile(schema.toString(), Spacing.FIXED);
    } catch (GrammarException e) {
      if (String.valueOf(e.getMessage()).startsWith("no output fulfils it")) {
        assertThat(group.get("tests")).noneMatch(test -> test.get("valid").asBoolean());
        count.right += group.get("tests").size();
      } else {
        assertThat(e).hasMessageMatching("(?s)(json_schema: at #.*, '.*'|the pattern ').*");
        count.refused += group.get("tests").size();
      }

      return null;
    }
  }

  private String table() {
    StringBuilder table =
        new StringBuilder(
            "| tests of | right | schema refused by name | valid, but not written | wrong |\n|---|---|---|---|---|\n");
    Counts all = new Counts();
    counts.forEach(
        (name, count) -> {
          table.append(row("`" + name + "`", count));
          all.right += count.right;
          all.refused += count.refused;
          all.unwritten += count.unwritten;
        });
    return table.append(row("all", all)).toString();
  }

  private static String row(String name, Counts count) {
    return "| %s | %d | %d | %d | 0 |\n"
        .formatted(name, count.right, count.refused, count.unwritten);
  }
}
