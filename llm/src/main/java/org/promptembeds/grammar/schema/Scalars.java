package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.text.Formats;
import org.promptembeds.grammar.text.JsonLeaves;
import org.promptembeds.grammar.text.NumberSets;
import org.promptembeds.grammar.text.TextSets;

/** What schema objects that hold together allow of null, booleans, numbers and strings. */
final class Scalars {
  private static final int MOST_COUNTED_STATES = 10_000;

  private Scalars() {}

  /** {@code null}, or {@code true} and {@code false}. */
  static Syntax words(JsonType type, List<SchemaNode> branch) {
    List<String> words = type == JsonType.NULL ? List.of("null") : List.of("true", "false");
    return new Syntax.Either(
        words.stream()
            .filter(
                word ->
                    branch.stream()
                        .map(SchemaNode::literals)
                        .allMatch(
                            literals ->
                                literals == null
                                    || literals.stream()
                                        .anyMatch(
                                            value ->
                                                JsonType.of(value) == type
                                                    && value.asText().equals(word))))
            .map(Syntax::text)
            .toList());
  }

  static Syntax numbers(List<SchemaNode> branch) {
    boolean whole = branch.stream().anyMatch(SchemaNode::wholeNumbers);
    List<String> key = new ArrayList<>(List.of("numbers", "" + whole));
    branch.forEach(node -> key.add(node.numbers() + " " + node.literals()));
    return KnownLeaves.of(key, () -> makeNumbers(branch, whole));
  }

  private static Syntax makeNumbers(List<SchemaNode> branch, boolean whole) {
    List<Automaton> sets = new ArrayList<>();
    for (SchemaNode node : branch) {
      addNumbers(node, sets);
    }

    if (sets.isEmpty()) {
      return new Syntax.Leaf(whole ? JsonLeaves.wholeNumber() : JsonLeaves.number());
    }

    if (whole) {
      sets.add(NumberSets.whole());
    }

    return leaf(intersection(sets), false);
  }

  private static void addNumbers(SchemaNode node, List<Automaton> sets) {
    SchemaNode.Numbers numbers = node.numbers();
    if (numbers.minimum() != null) {
      sets.add(NumberSets.atLeast(numbers.minimum(), false));
    }

    if (numbers.exclusiveMinimum() != null) {
      sets.add(NumberSets.atLeast(numbers.exclusiveMinimum(), true));
    }

    if (numbers.maximum() != null) {
      sets.add(NumberSets.atMost(numbers.maximum(), false));
    }

    if (numbers.exclusiveMaximum() != null) {
      sets.add(NumberSets.atMost(numbers.exclusiveMaximum(), true));
    }

    if (numbers.multipleOf() != null) {
      sets.add(NumberSets.multipleOf(numbers.multipleOf()));
    }

    if (node.literals() != null) {
      sets.add(
          TextSets.union(
              node.literals().stream()
                  .filter(JsonNode::isNumber)
                  .map(value -> NumberSets.only(value.decimalValue()))
                  .toList()));
    }
  }

  static Syntax strings(List<SchemaNode> branch) {
    List<String> key = new ArrayList<>(List.of("strings"));
    branch.forEach(node -> key.add(node.strings() + " " + node.literals()));
    return KnownLeaves.of(key, () -> makeStrings(branch));
  }

  private static Syntax makeStrings(List<SchemaNode> branch) {
    int least = branch.stream().mapToInt(node -> node.strings().minLength()).max().orElse(0);
    int most = mostCharacters(branch);
    if (most >= 0 && most < least) {
      return Syntax.NOTHING;
    }

    if (!textSets(branch).isEmpty()) {
      return leaf(texts(branch), true);
    }

    if (least == 0 && most < 0) {
      return new Syntax.Leaf(JsonLeaves.string());
    }

    return new Syntax.Leaf(
        JsonLeaves.stringOfLength(least, most < 0 ? ByteDfa.MOST_COUNTED : most));
  }

  private static int mostCharacters(List<SchemaNode> branch) {
    return branch.stream()
        .mapToInt(node -> node.strings().maxLength())
        .filter(length -> length >= 0)
        .min()
        .orElse(-1);
  }

  /** The strings that schema objects allow, unquoted; null if they allow every string. */
  static @Nullable Automaton texts(List<SchemaNode> branch) {
    List<Automaton> sets = textSets(branch);
    int least = branch.stream().mapToInt(node -> node.strings().minLength()).max().orElse(0);
    int most = mostCharacters(branch);
    if (least > 0 || most >= 0) {
      if (Math.max(least, most) > MOST_COUNTED_STATES) {
        throw new GrammarException(
            "json_schema: at %s, a length of %,d beside 'pattern', 'format', 'enum' or 'propertyNames': at most %,d is supported"
                .formatted(branch.get(0).path(), Math.max(least, most), MOST_COUNTED_STATES));
      }

      if (most >= 0 && most < least) {
        return TextSets.union(List.of());
      }

      sets.add(TextSets.ofLength(least, most));
    }

    return sets.isEmpty() ? null : intersection(sets);
  }

  private static List<Automaton> textSets(List<SchemaNode> branch) {
    List<Automaton> sets = new ArrayList<>();
    for (SchemaNode node : branch) {
      SchemaNode.Strings strings = node.strings();
      if (strings.pattern() != null) {
        sets.add(TextSets.containing(strings.pattern()));
      }

      if (strings.format() != null) {
        sets.add(Formats.named(strings.format()));
      }

      if (node.literals() != null) {
        sets.add(
            TextSets.union(
                node.literals().stream()
                    .filter(JsonNode::isTextual)
                    .map(value -> TextSets.text(value.textValue()))
                    .toList()));
      }
    }

    return sets;
  }

  private static Automaton intersection(List<Automaton> sets) {
    return sets.stream().reduce(TextSets::intersection).orElseThrow();
  }

  private static Syntax leaf(@Nullable Automaton set, boolean quoted) {
    if (set == null || TextSets.isEmpty(set)) {
      return Syntax.NOTHING;
    }

    return new Syntax.Leaf(quoted ? JsonLeaves.string(set) : ByteDfa.ofText(set));
  }
}
