package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.jinja.Token.Kind;

/** Parses what an assignment or a loop assigns to. */
final class TargetParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  TargetParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** The target of an assignment or loop, up to {@code =} or {@code in}. */
  Target parse(boolean withNamespace) {
    List<Target> targets = new ArrayList<>();
    boolean tuple = false;

    while (!tokens.atTupleEnd() && !tokens.atName("in") && !tokens.atOperator("=")) {
      targets.add(parseSingle(withNamespace));

      if (!tokens.skipOperator(",")) {
        break;
      }

      tuple = true;
    }

    if (targets.isEmpty()) {
      throw tokens.failure("expected a name to assign to, got " + tokens.current().description());
    }

    return tuple ? new Target.Unpacked(targets) : targets.get(0);
  }

  private Target parseSingle(boolean withNamespace) {
    if (tokens.skipOperator("(")) {
      tokens.descend();
      Target target = parse(withNamespace);
      tokens.ascend();
      tokens.expectOperator(")");
      return target;
    }

    Token name = tokens.expect(Kind.NAME, "a name to assign to");

    if (ExpressionParser.CONSTANTS.containsKey(name.text())) {
      throw tokens.failure("cannot assign to '" + name.text() + "'");
    }

    if (withNamespace && tokens.skipOperator(".")) {
      expressions.noteName(name.text());
      return new Target.NamespaceAttribute(
          name.text(), tokens.expect(Kind.NAME, "an attribute").text());
    }

    return new Target.Variable(name.text());
  }
}
