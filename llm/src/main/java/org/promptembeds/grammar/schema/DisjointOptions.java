package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.promptembeds.grammar.automaton.GrammarException;

/** Checks that no value fulfils two options of a {@code oneOf}: then it is an {@code anyOf}. */
final class DisjointOptions {
  private static final int MOST_OPTIONS = 100;

  private final SchemaDocument document;
  private final Set<Integer> checked = new HashSet<>();

  DisjointOptions(SchemaDocument document) {
    this.document = document;
  }

  /**
   * Looks at options.
   *
   * @throws GrammarException if two of them may hold at once
   */
  void check(SchemaNode node, SchemaNode.Choice choice) {
    if (!checked.add(node.number())) {
      return;
    }

    List<JsonNode> options = choice.options();
    if (options.size() > MOST_OPTIONS) {
      throw refuse(node, "has more than %d options: use anyOf".formatted(MOST_OPTIONS));
    }

    for (int i = 0; i < options.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (SchemaCompiler.canHold(
            document, List.of(choice.beside(), options.get(j), options.get(i)))) {
          throw refuse(
              node,
              "has options %d and %d that a value can fulfil both, which is not supported: make them exclude one another, or use anyOf"
                  .formatted(j, i));
        }
      }
    }
  }

  private static GrammarException refuse(SchemaNode node, String why) {
    return new GrammarException("json_schema: at %s, 'oneOf' %s".formatted(node.path(), why));
  }
}
