package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.promptembeds.grammar.automaton.GrammarException;

/**
 * The ways to fulfil schemas that hold together: each a list of schema objects whose own keywords
 * hold, references followed, {@code allOf} joined and one chosen of each {@code anyOf}.
 */
final class Branches {
  private static final int MOST = 1000;

  private final SchemaDocument document;
  private final OneOfCheck check;
  private final Deque<JsonNode> active = new ArrayDeque<>();

  /** Says whether the options of a {@code oneOf} exclude one another. */
  interface OneOfCheck {
    /**
     * Looks at options.
     *
     * @throws GrammarException if two may hold at once
     */
    void check(SchemaNode node, SchemaNode.Choice choice);
  }

  Branches(SchemaDocument document, OneOfCheck check) {
    this.document = document;
    this.check = check;
  }

  List<List<SchemaNode>> of(List<JsonNode> schemas) {
    List<List<SchemaNode>> branches = List.of(List.of());
    for (JsonNode schema : schemas) {
      branches = join(branches, schema);
    }

    return branches;
  }

  private List<List<SchemaNode>> join(List<List<SchemaNode>> branches, JsonNode schema) {
    List<List<SchemaNode>> joined = new ArrayList<>();
    for (List<SchemaNode> branch : branches) {
      joined.addAll(with(branch, schema));
      if (joined.size() > MOST) {
        throw new GrammarException(
            "json_schema: at %s, there are more than %,d ways to combine anyOf, oneOf and allOf: use fewer"
                .formatted(document.path(schema), MOST));
      }
    }

    return joined;
  }

  private List<List<SchemaNode>> with(List<SchemaNode> branch, JsonNode schema) {
    if (schema.isBoolean()) {
      return schema.booleanValue() ? List.of(branch) : List.of();
    }

    for (JsonNode outer : active) {
      if (document.number(outer) == document.number(schema)) {
        throw new GrammarException(
            "json_schema: at %s, '$ref' leads back to itself without a property or an item between"
                .formatted(document.path(schema)));
      }
    }

    SchemaNode node = document.node(schema);
    if (branch.stream().anyMatch(other -> other.number() == node.number())) {
      return List.of(branch);
    }

    List<SchemaNode> more = new ArrayList<>(branch);
    more.add(node);
    active.push(schema);
    try {
      List<List<SchemaNode>> branches = List.of(more);
      for (JsonNode each : node.all()) {
        branches = join(branches, each);
      }

      for (SchemaNode.Choice choice : node.choices()) {
        branches = choose(branches, node, choice);
      }

      return branches;
    } finally {
      active.pop();
    }
  }

  private List<List<SchemaNode>> choose(
      List<List<SchemaNode>> branches, SchemaNode node, SchemaNode.Choice choice) {
    if (choice.exactlyOne()) {
      check.check(node, choice);
    }

    List<List<SchemaNode>> chosen = new ArrayList<>();
    for (JsonNode option : choice.options()) {
      chosen.addAll(join(branches, option));
    }

    return chosen;
  }
}
