package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jinja.Token.Kind;

/** Parses what follows a value: attributes, subscripts, calls, filters and tests. */
final class PostfixParser {
  /** Links of one chain, such as {@code a.b.c}. */
  private static final int MAX_CHAIN = 200;

  private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and");

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  PostfixParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expression parsePostfix(Expression value) {
    Expression result = value;

    for (int links = 0; ; links++) {
      checkChain(links);

      if (tokens.skipOperator(".")) {
        result = parseAttribute(result);
      } else if (tokens.skipOperator("[")) {
        result = parseSubscript(result);
      } else if (tokens.atOperator("(")) {
        result = new Lookups.Call(result, parseArguments());
      } else {
        return result;
      }
    }
  }

  Expression parseFilters(Expression value) {
    Expression result = value;

    for (int links = 0; ; links++) {
      checkChain(links);

      if (tokens.atOperator("|")) {
        result = parseFilter(result);
      } else if (tokens.skipName("is")) {
        result = parseTest(result);
      } else if (tokens.atOperator("(")) {
        result = new Lookups.Call(result, parseArguments());
      } else {
        return result;
      }
    }
  }

  /** One filter, at its {@code |}. */
  Expression parseFilter(Expression value) {
    tokens.expectOperator("|");
    return parseFilterAfterBar(value);
  }

  /** Filters of a {@code filter} block or block assignment, whose first bar may be left out. */
  Expression parseFilterChain(Expression value, boolean barFirst) {
    Expression result = barFirst ? value : parseFilterAfterBar(value);

    while (tokens.atOperator("|")) {
      result = parseFilter(result);
    }

    return result;
  }

  private Expression parseFilterAfterBar(Expression value) {
    String name = parseDottedName("a filter's name");
    ArgumentList arguments = tokens.atOperator("(") ? parseArguments() : ArgumentList.NONE;
    return new Lookups.Filtered(value, name, arguments);
  }

  private Expression parseAttribute(Expression object) {
    if (tokens.at(Kind.INTEGER)) {
      return new Lookups.Item(object, Literals.number(tokens.next()));
    }

    return new Lookups.Attribute(object, tokens.expect(Kind.NAME, "an attribute's name").text());
  }

  private Expression parseSubscript(Expression object) {
    List<Expression> indices = new ArrayList<>();

    while (!tokens.skipOperator("]")) {
      if (!indices.isEmpty()) {
        tokens.expectOperator(",");
      }

      Expression start = tokens.atOperator(":") ? null : expressions.parse();

      if (tokens.atOperator(":")) {
        if (!indices.isEmpty()) {
          throw tokens.failure("a slice cannot be one of several subscripts");
        }

        Expression slice = parseSlice(object, start);
        tokens.expectOperator("]");
        return slice;
      }

      indices.add(Objects.requireNonNull(start));
    }

    if (indices.isEmpty()) {
      throw tokens.failure("expected a subscript, got ']'");
    }

    return new Lookups.Item(
        object, indices.size() == 1 ? indices.get(0) : new Literals.TupleOf(indices));
  }

  private Expression parseSlice(Expression object, @Nullable Expression start) {
    tokens.expectOperator(":");
    Expression stop = parseSliceBound();
    Expression step = tokens.skipOperator(":") ? parseSliceBound() : null;
    return new Lookups.Slice(object, start, stop, step);
  }

  private @Nullable Expression parseSliceBound() {
    boolean absent = tokens.atOperator(":") || tokens.atOperator("]") || tokens.atOperator(",");
    return absent ? null : expressions.parse();
  }

  private Expression parseTest(Expression value) {
    boolean negated = tokens.skipName("not");
    String name = parseDottedName("a test's name");
    ArgumentList arguments = ArgumentList.NONE;

    if (tokens.atOperator("(")) {
      arguments = parseArguments();
    } else if (atTestArgument()) {
      if (tokens.atName("is")) {
        throw tokens.failure("tests cannot follow one another with 'is'");
      }

      Expression argument = parsePostfix(expressions.parsePrimary());
      arguments = ArgumentList.of(argument);
    }

    Expression test = new Lookups.Tested(value, name, arguments);
    return negated ? new Operations.Not(test) : test;
  }

  private boolean atTestArgument() {
    Token token = tokens.current();

    return switch (token.kind()) {
      case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> List.of("[", "{").contains(token.text());
      default -> false;
    };
  }

  private String parseDottedName(String what) {
    StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME, what).text());

    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Kind.NAME, what).text());
    }

    return name.toString();
  }

  ArgumentList parseArguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> keyword = new LinkedHashMap<>();
    Expression spread = null;
    Expression spreadKeywords = null;
    tokens.expectOperator("(");

    while (!tokens.skipOperator(")")) {
      if (tokens.skipOperator("**")) {
        spreadKeywords = expressions.parse();
      } else if (tokens.skipOperator("*")) {
        spread = expressions.parse();
      } else if (tokens.at(Kind.NAME) && tokens.lookAhead().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        keyword.put(name, expressions.parse());
      } else if (keyword.isEmpty() && spread == null && spreadKeywords == null) {
        positional.add(expressions.parse());
      } else {
        throw tokens.failure("a positional argument follows a named one");
      }

      if (!tokens.atOperator(")")) {
        tokens.expectOperator(",");
      }
    }

    return new ArgumentList(positional, keyword, spread, spreadKeywords);
  }

  private void checkChain(int links) {
    if (links > MAX_CHAIN) {
      throw tokens.failure("more than %d links in one chain".formatted(MAX_CHAIN));
    }
  }
}
