package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.text.JsonLeaves;
import org.promptembeds.grammar.text.TextSets;

/** The names that properties of an object can have, and which schemas their values must fulfil. */
final class PropertyNames {
  private static final int MOST_CLASSES = 64;

  private final List<SchemaNode> branch;
  private final Set<String> named = new LinkedHashSet<>();
  private final Map<String, Automaton> patterns = new LinkedHashMap<>();
  private final @Nullable Automaton allowed; // null if every name is

  /**
   * Properties without a name of their own.
   *
   * @param name their names, as a leaf
   * @param schemas what their values must fulfil
   */
  record Others(ByteDfa name, List<JsonNode> schemas) {}

  private record NameClass(Automaton names, List<JsonNode> schemas) {}

  PropertyNames(SchemaCompiler compiler, List<SchemaNode> branch) {
    this.branch = branch;
    branch.forEach(node -> named.addAll(node.objects().properties().keySet()));
    branch.forEach(node -> named.addAll(node.objects().required()));
    for (SchemaNode node : branch) {
      node.objects()
          .patterns()
          .keySet()
          .forEach(
              pattern ->
                  patterns.computeIfAbsent(pattern, missing -> TextSets.containing(pattern)));
    }

    List<JsonNode> names = new ArrayList<>();
    branch.forEach(
        node -> {
          if (node.objects().names() != null) {
            names.add(node.objects().names());
          }
        });
    this.allowed = names.isEmpty() ? null : texts(compiler, names);
  }

  /** The strings that fulfil all of {@code schemas}. */
  private static @Nullable Automaton texts(SchemaCompiler compiler, List<JsonNode> schemas) {
    List<Automaton> sets = new ArrayList<>();
    for (List<SchemaNode> branch : compiler.branches().of(schemas)) {
      if (branch.stream().allMatch(node -> node.types().contains(JsonType.STRING))) {
        Automaton texts = Scalars.texts(branch);
        if (texts == null) {
          return null;
        }

        sets.add(texts);
      }
    }

    return TextSets.union(sets);
  }

  /** Where the first of the schemas stands. */
  String path() {
    return branch.isEmpty() ? "#" : branch.get(0).path();
  }

  /** Properties with a name of their own, in the order in which they are written. */
  Set<String> named() {
    return named;
  }

  List<JsonNode> schemasOf(String name) {
    List<JsonNode> schemas = new ArrayList<>();
    if (allowed != null && !TextSets.has(allowed, name)) {
      schemas.add(BooleanNode.FALSE);
    }

    for (SchemaNode node : branch) {
      SchemaNode.Objects objects = node.objects();
      int before = schemas.size();
      JsonNode own = objects.properties().get(name);
      if (own != null) {
        schemas.add(own);
      }

      objects
          .patterns()
          .forEach(
              (pattern, schema) -> {
                if (TextSets.has(patterns.getOrDefault(pattern, TextSets.anyText()), name)) {
                  schemas.add(schema);
                }
              });
      if (schemas.size() == before && objects.additional() != null) {
        schemas.add(objects.additional());
      }
    }

    return schemas;
  }

  /** Properties without a name of their own, by what their values must fulfil. */
  List<Others> others() {
    if (allowed == null && named.isEmpty() && patterns.isEmpty()) {
      return ofSchemas(JsonLeaves.string(), additional(branch));
    }

    Automaton rest = allowed == null ? TextSets.anyText() : allowed;
    if (!named.isEmpty()) {
      rest = TextSets.without(rest, TextSets.union(named.stream().map(TextSets::text).toList()));
    }

    List<NameClass> classes = List.of(new NameClass(rest, List.of()));
    for (SchemaNode node : branch) {
      classes = split(classes, node);
    }

    List<Others> others = new ArrayList<>();
    for (NameClass each : classes) {
      if (!TextSets.isEmpty(each.names()) && isPossible(each.schemas())) {
        others.add(new Others(JsonLeaves.string(each.names()), each.schemas()));
      }
    }

    return others;
  }

  private static List<Others> ofSchemas(ByteDfa name, List<JsonNode> schemas) {
    return isPossible(schemas) ? List.of(new Others(name, schemas)) : List.of();
  }

  private static List<JsonNode> additional(List<SchemaNode> branch) {
    List<JsonNode> schemas = new ArrayList<>();
    branch.forEach(
        node -> {
          if (node.objects().additional() != null) {
            schemas.add(node.objects().additional());
          }
        });
    return schemas;
  }

  private static boolean isPossible(List<JsonNode> schemas) {
    return schemas.stream().allMatch(schema -> !schema.isBoolean() || schema.booleanValue());
  }

  private List<NameClass> split(List<NameClass> classes, SchemaNode node) {
    List<NameClass> unmatched = new ArrayList<>(classes);
    List<NameClass> matched = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : node.objects().patterns().entrySet()) {
      Automaton pattern = patterns.getOrDefault(entry.getKey(), TextSets.anyText());
      List<NameClass> still = new ArrayList<>();
      List<NameClass> now = new ArrayList<>();
      for (NameClass each : unmatched) {
        addSplit(each, pattern, entry.getValue(), now, still);
      }

      for (NameClass each : matched) {
        addSplit(each, pattern, entry.getValue(), now, now);
      }

      unmatched = still;
      matched = now;
      if (matched.size() + unmatched.size() > MOST_CLASSES) {
        throw new GrammarException(
            "json_schema: at %s, 'patternProperties' overlap in more than %d ways: use fewer"
                .formatted(path(), MOST_CLASSES));
      }
    }

    JsonNode additional = node.objects().additional();
    for (NameClass each : unmatched) {
      matched.add(additional == null ? each : with(each, each.names(), additional));
    }

    return matched;
  }

  private static void addSplit(
      NameClass each,
      Automaton pattern,
      JsonNode schema,
      List<NameClass> inside,
      List<NameClass> outside) {
    Automaton both = TextSets.intersection(each.names(), pattern);
    if (TextSets.isEmpty(both)) {
      outside.add(each);
      return;
    }

    inside.add(with(each, both, schema));
    Automaton rest = TextSets.without(each.names(), pattern);
    if (!TextSets.isEmpty(rest)) {
      outside.add(new NameClass(rest, each.schemas()));
    }
  }

  private static NameClass with(NameClass each, Automaton names, JsonNode schema) {
    List<JsonNode> schemas = new ArrayList<>(each.schemas());
    schemas.add(schema);
    return new NameClass(names, schemas);
  }
}
