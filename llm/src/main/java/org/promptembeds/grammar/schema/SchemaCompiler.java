package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.Syntax;

/**
 * Makes a grammar of a JSON schema: a rule for each set of schemas that hold for a value together.
 *
 * <p>A value that fulfils the schema has at least one spelling in the grammar, and each output of
 * the grammar is a value that fulfils it; what cannot be done so is refused.
 */
public final class SchemaCompiler {
  private static final int MOST_RULES = 20_000;

  private final SchemaDocument document;
  private final Spacing spacing;
  private final String prefix;
  private final Branches branches;
  private final Map<TreeSet<Integer>, String> names = new HashMap<>();
  private final Map<String, Syntax> rules = new LinkedHashMap<>();
  private final ArrayDeque<Pending> open = new ArrayDeque<>();

  private record Pending(String name, List<JsonNode> schemas) {}

  private SchemaCompiler(
      SchemaDocument document, Spacing spacing, String prefix, Branches.OneOfCheck check) {
    this.document = document;
    this.spacing = spacing;
    this.prefix = prefix;
    this.branches = new Branches(document, check);
  }

  /**
   * Adds rules for the values that fulfil a schema.
   *
   * @param json the schema
   * @param prefix what names of rules begin with
   * @param rules takes the rules
   * @return the name of the rule of whole values
   * @throws GrammarException if the schema is malformed or has what is not supported, which it
   *     names
   */
  public static String compile(
      String json, Spacing spacing, String prefix, Map<String, Syntax> rules) {
    SchemaDocument document = SchemaDocument.parse(json);
    SchemaCompiler compiler =
        new SchemaCompiler(document, spacing, prefix, new DisjointOptions(document)::check);
    String root = compiler.compile(List.of(document.root()));
    rules.putAll(compiler.rules);
    return root;
  }

  /**
   * A grammar of the values that fulfil a schema.
   *
   * @throws GrammarException as {@link #compile(String, Spacing, String, Map)} does, and if nothing
   *     fulfils the schema
   */
  public static Pushdown compile(String json, Spacing spacing) {
    Map<String, Syntax> rules = new LinkedHashMap<>();
    String root = compile(json, spacing, "", rules);
    return Pushdown.of(rules, root);
  }

  /** Whether a value can fulfil all of {@code schemas}; options of oneOf are taken for anyOf's. */
  static boolean canHold(SchemaDocument document, List<JsonNode> schemas) {
    SchemaCompiler compiler = new SchemaCompiler(document, Spacing.FIXED, "", (node, choice) -> {});
    String root = compiler.compile(schemas);
    return Pushdown.canFulfil(compiler.rules, root);
  }

  private String compile(List<JsonNode> schemas) {
    String root = value(schemas);
    while (!open.isEmpty()) {
      Pending pending = open.remove();
      rules.put(pending.name(), body(pending.schemas()));
    }

    return root;
  }

  Spacing spacing() {
    return spacing;
  }

  Branches branches() {
    return branches;
  }

  /** The rule of the values that fulfil all of {@code schemas}. */
  Syntax.Reference reference(List<JsonNode> schemas) {
    return new Syntax.Reference(value(schemas));
  }

  private String value(List<JsonNode> schemas) {
    TreeSet<Integer> key = new TreeSet<>();
    schemas.forEach(schema -> key.add(document.number(schema)));
    String known = names.get(key);
    if (known != null) {
      return known;
    }

    if (names.size() == MOST_RULES) {
      throw new GrammarException(
          "json_schema has more than %,d combinations of its parts: make it simpler"
              .formatted(MOST_RULES));
    }

    String name = prefix + "value-" + names.size();
    names.put(key, name);
    open.add(new Pending(name, schemas));
    return name;
  }

  private Syntax body(List<JsonNode> schemas) {
    List<Syntax> options = new ArrayList<>();
    for (List<SchemaNode> branch : branches.of(schemas)) {
      for (JsonType type : JsonType.values()) {
        if (branch.stream().allMatch(node -> node.types().contains(type))) {
          options.add(ofType(type, branch));
        }
      }
    }

    return new Syntax.Either(options);
  }

  private Syntax ofType(JsonType type, List<SchemaNode> branch) {
    boolean scalarsOnly = branch.stream().anyMatch(node -> node.literals() != null);
    return switch (type) {
      case NULL, BOOLEAN -> Scalars.words(type, branch);
      case NUMBER -> Scalars.numbers(branch);
      case STRING -> Scalars.strings(branch);
      case ARRAY -> scalarsOnly ? Syntax.NOTHING : new ArrayValues(this, branch).syntax();
      case OBJECT -> scalarsOnly ? Syntax.NOTHING : new ObjectValues(this, branch).syntax();
    };
  }
}
