package org.promptembeds.grammar.schema;

import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.text.JsonLeaves;

/** The white space around the parts of a JSON value. */
public enum Spacing {
  /** One space, a new line with its indentation, or none, where parts are set off. */
  FLEXIBLE,
  /** A space behind each comma and colon, as Python writes JSON. */
  FIXED;

  /** Between two items. */
  Syntax comma() {
    return this == FIXED ? Syntax.text(", ") : Syntax.series(Syntax.text(","), space());
  }

  /** Between a name and its value. */
  Syntax colon() {
    return this == FIXED
        ? Syntax.text(": ")
        : Syntax.series(Syntax.text(":"), Syntax.optional(Syntax.text(" ")));
  }

  /** Inside of brackets. */
  Syntax inner() {
    return this == FIXED ? Syntax.EMPTY : space();
  }

  private static Syntax space() {
    return new Syntax.Leaf(JsonLeaves.space());
  }
}
