package org.promptembeds.jinja;

import java.util.List;
import org.promptembeds.jinja.Token.Kind;

/** The tokens of a template and the place of the parser in them. */
final class TokenStream {
  /** Expressions or blocks inside one another, far beyond what people write. */
  private static final int MAX_NESTING = 120;

  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  Token lookAhead() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  int line() {
    return current().line();
  }

  Token next() {
    Token token = current();

    if (token.kind() != Kind.END) {
      position++;
    }

    return token;
  }

  boolean at(Kind kind) {
    return current().kind() == kind;
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean atAnyName(List<String> names) {
    return at(Kind.NAME) && names.contains(current().text());
  }

  /** Whether what follows can be no further element of a tuple. */
  boolean atTupleEnd() {
    return at(Kind.VARIABLE_END) || at(Kind.BLOCK_END) || atOperator(")");
  }

  boolean skipOperator(String operator) {
    boolean there = atOperator(operator);

    if (there) {
      next();
    }

    return there;
  }

  boolean skipName(String name) {
    boolean there = atName(name);

    if (there) {
      next();
    }

    return there;
  }

  Token expect(Kind kind, String what) {
    if (!at(kind)) {
      throw failure("expected %s, got %s".formatted(what, current().description()));
    }

    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw failure("expected '%s', got %s".formatted(operator, current().description()));
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw failure("expected '%s', got %s".formatted(name, current().description()));
    }
  }

  /** Call when the parser goes one level down, so that no input exhausts its stack. */
  void descend() {
    if (++nesting > MAX_NESTING) {
      throw failure("more than %d levels inside one another".formatted(MAX_NESTING));
    }
  }

  void ascend() {
    nesting--;
  }

  JinjaException failure(String reason) {
    return new JinjaException(reason, line());
  }
}
