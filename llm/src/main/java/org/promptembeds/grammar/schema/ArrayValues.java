package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.automaton.Syntax.Repeat;

/** The arrays that schema objects which hold together allow. */
final class ArrayValues {
  private final SchemaCompiler compiler;
  private final List<SchemaNode> branch;
  private final int least;
  private final int most; // Repeat.UNBOUNDED if there is no bound
  private final int prefix;

  ArrayValues(SchemaCompiler compiler, List<SchemaNode> branch) {
    this.compiler = compiler;
    this.branch = branch;
    this.least = branch.stream().mapToInt(node -> node.arrays().minItems()).max().orElse(0);
    this.most =
        branch.stream()
            .mapToInt(node -> node.arrays().maxItems())
            .filter(items -> items >= 0)
            .min()
            .orElse(Repeat.UNBOUNDED);
    this.prefix =
        Math.max(
            1, branch.stream().mapToInt(node -> node.arrays().prefix().size()).max().orElse(0));
  }

  Syntax syntax() {
    if (most != Repeat.UNBOUNDED && most < least) {
      return Syntax.NOTHING;
    }

    Syntax inner = compiler.spacing().inner();
    Syntax filled = Syntax.series(Syntax.text("["), inner, items(), inner, Syntax.text("]"));
    if (most == 0) {
      return Syntax.text("[]");
    }

    return least > 0 ? filled : Syntax.either(Syntax.text("[]"), filled);
  }

  /** One item or more. */
  private Syntax items() {
    int bound = most == Repeat.UNBOUNDED ? prefix : Math.min(prefix, most);
    Syntax rest =
        most == Repeat.UNBOUNDED || most > prefix
            ? new Repeat(
                Syntax.series(compiler.spacing().comma(), item(prefix)),
                Math.max(0, least - prefix),
                most == Repeat.UNBOUNDED ? Repeat.UNBOUNDED : most - prefix)
            : Syntax.EMPTY;
    for (int index = bound - 1; index > 0; index--) {
      Syntax from = Syntax.series(compiler.spacing().comma(), item(index), rest);
      rest = index < least ? from : Syntax.optional(from);
    }

    return Syntax.series(item(0), rest);
  }

  private Syntax item(int index) {
    List<JsonNode> schemas = new ArrayList<>();
    branch.stream()
        .map(node -> node.arrays().at(index))
        .filter(Objects::nonNull)
        .forEach(schemas::add);
    return compiler.reference(schemas);
  }
}
