package org.promptembeds.grammar.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.text.JsonLeaves;

/**
 * The objects that schema objects which hold together allow: properties with a name of their own in
 * their order, then the others.
 *
 * <p>The states of the graph are numbered by how many of the named properties have been passed and
 * how many properties have been written, as far as that is counted.
 */
final class ObjectValues {
  private static final int MOST_STATES = 500_000;

  private final SchemaCompiler compiler;
  private final PropertyNames names;
  private final Set<String> required = new LinkedHashSet<>();
  private final List<String> named;
  private final int least;
  private final int most; // -1 if there is no bound
  private final int counted;
  private final List<Syntax.Edge> edges = new ArrayList<>();

  ObjectValues(SchemaCompiler compiler, List<SchemaNode> branch) {
    this.compiler = compiler;
    this.names = new PropertyNames(compiler, branch);
    branch.forEach(node -> required.addAll(node.objects().required()));
    this.least = branch.stream().mapToInt(node -> node.objects().minProperties()).max().orElse(0);
    this.most =
        branch.stream()
            .mapToInt(node -> node.objects().maxProperties())
            .filter(count -> count >= 0)
            .min()
            .orElse(-1);
    this.counted = Math.max(1, Math.max(least, most));
    this.named = List.copyOf(names.named());
  }

  Syntax syntax() {
    if (most >= 0 && most < least) {
      return Syntax.NOTHING;
    }

    List<PropertyNames.Others> others = names.others();
    if (least - 1 > required.size() && !others.isEmpty()) {
      throw new GrammarException(
          "json_schema: at %s, 'minProperties' is %d and %d properties are required, so that several others would have to differ in their names, which is not supported: list them in 'properties' and set 'additionalProperties' to false, or lower it"
              .formatted(names.path(), least, required.size()));
    }

    long states = 2 + (long) (named.size() + 1) * (counted + 1);
    if (states > MOST_STATES) {
      throw new GrammarException(
          "json_schema: at %s, %d properties are counted up to %d: lower 'minProperties' or 'maxProperties'"
              .formatted(names.path(), named.size(), counted));
    }

    Syntax inner = compiler.spacing().inner();
    for (int index = 0; index < named.size(); index++) {
      addNamed(index);
    }

    for (int count = 0; count <= counted; count++) {
      addOthers(count, others);
      if (count >= least && (most < 0 || count <= most)) {
        edges.add(
            new Syntax.Edge(state(named.size(), count), count == 0 ? Syntax.EMPTY : inner, 1));
      }
    }

    edges.add(new Syntax.Edge(0, Syntax.EMPTY, state(0, 0)));
    return Syntax.series(Syntax.text("{"), new Syntax.Graph((int) states, edges), Syntax.text("}"));
  }

  private int state(int passed, int count) {
    return 2 + passed * (counted + 1) + count;
  }

  private void addNamed(int index) {
    String name = named.get(index);
    Syntax property =
        Syntax.series(
            JsonLeaves.string(name),
            compiler.spacing().colon(),
            compiler.reference(names.schemasOf(name)));
    for (int count = 0; count <= counted; count++) {
      int from = state(index, count);
      if (!required.contains(name)) {
        edges.add(new Syntax.Edge(from, Syntax.EMPTY, state(index + 1, count)));
      }

      addProperty(from, property, index + 1, count);
    }
  }

  private void addOthers(int count, List<PropertyNames.Others> others) {
    for (PropertyNames.Others other : others) {
      Syntax property =
          Syntax.series(
              new Syntax.Leaf(other.name()),
              compiler.spacing().colon(),
              compiler.reference(other.schemas()));
      addProperty(state(named.size(), count), property, named.size(), count);
    }
  }

  private void addProperty(int from, Syntax property, int passed, int count) {
    if (most >= 0 && count >= most) {
      return;
    }

    Syntax before = count == 0 ? compiler.spacing().inner() : compiler.spacing().comma();
    edges.add(
        new Syntax.Edge(
            from, Syntax.series(before, property), state(passed, Math.min(counted, count + 1))));
  }
}
