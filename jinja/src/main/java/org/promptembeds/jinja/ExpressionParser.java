package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jinja.Token.Kind;

/** Makes expression trees out of tokens, with Jinja's precedence. */
final class ExpressionParser {
  static final Map<String, Object> CONSTANTS =
      Map.of(
          "true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None",
          None.NONE);
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
  private static final Set<String> POWERS = Set.of("**");

  private final TokenStream tokens;
  private final PostfixParser postfix;
  private final List<Set<String>> nameListeners = new ArrayList<>();

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.postfix = new PostfixParser(tokens, this);
  }

  /** Adds every name read from now on to {@code names}, until {@link #forget}. */
  void listen(Set<String> names) {
    nameListeners.add(names);
  }

  void forget(Set<String> names) {
    nameListeners.remove(names);
  }

  Expression parse() {
    return parse(true);
  }

  private Expression parse(boolean withConditional) {
    tokens.descend();
    Expression expression = withConditional ? parseConditional() : parseOr();
    tokens.ascend();
    return expression;
  }

  /** An expression, or several with commas between them, which make a tuple. */
  Expression parseTuple(boolean withConditional) {
    return parseTuple(withConditional, false, () -> false);
  }

  private Expression parseTuple(
      boolean withConditional, boolean parenthesised, BooleanSupplier ends) {
    List<Expression> elements = new ArrayList<>();
    boolean tuple = false;

    while (!tokens.atTupleEnd() && !ends.getAsBoolean()) {
      elements.add(parse(withConditional));

      if (!tokens.skipOperator(",")) {
        break;
      }

      tuple = true;
    }

    if (tuple || (parenthesised && elements.isEmpty())) {
      return new Literals.TupleOf(elements);
    }

    if (elements.isEmpty()) {
      throw tokens.failure("expected an expression, got " + tokens.current().description());
    }

    return elements.get(0);
  }

  /** The iterable of a loop, which an {@code if} or {@code recursive} may follow. */
  Expression parseLoopIterable() {
    return parseTuple(false, false, () -> tokens.atName("recursive"));
  }

  private Expression parseConditional() {
    Expression value = parseOr();
    int conditions = 0;

    for (; tokens.skipName("if"); conditions++) {
      tokens.descend();
      Expression condition = parseOr();
      Expression otherwise = tokens.skipName("else") ? parse() : null;
      value = new Operations.Conditional(condition, value, otherwise);
    }

    for (; conditions > 0; conditions--) {
      tokens.ascend();
    }

    return value;
  }

  private Expression parseOr() {
    List<Expression> operands = new ArrayList<>(List.of(parseAnd()));

    while (tokens.skipName("or")) {
      operands.add(parseAnd());
    }

    return operands.size() == 1 ? operands.get(0) : new Operations.FirstTrue(operands);
  }

  private Expression parseAnd() {
    List<Expression> operands = new ArrayList<>(List.of(parseNot()));

    while (tokens.skipName("and")) {
      operands.add(parseNot());
    }

    return operands.size() == 1 ? operands.get(0) : new Operations.FirstFalse(operands);
  }

  private Expression parseNot() {
    if (!tokens.skipName("not")) {
      return parseComparison();
    }

    tokens.descend();
    Expression operand = parseNot();
    tokens.ascend();
    return new Operations.Not(operand);
  }

  private Expression parseComparison() {
    Expression first = parseSum();
    List<Operations.Comparand> comparands = new ArrayList<>();

    while (true) {
      String operator = comparisonOperator();

      if (operator == null) {
        return comparands.isEmpty() ? first : new Operations.Comparisons(first, comparands);
      }

      comparands.add(new Operations.Comparand(operator, parseSum()));
    }
  }

  private @Nullable String comparisonOperator() {
    Token token = tokens.current();

    if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }

    if (tokens.skipName("in")) {
      return "in";
    }

    if (token.isName("not") && tokens.lookAhead().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }

    return null;
  }

  private Expression parseSum() {
    return parseChain(SUMS, this::parseConcatenation);
  }

  /** Operands with operators of one precedence between them, taken from left to right. */
  private Expression parseChain(Set<String> operators, Supplier<Expression> operand) {
    Expression first = operand.get();

    if (!atAnyOperator(operators)) {
      return first;
    }

    List<Operations.Step> steps = new ArrayList<>();

    while (atAnyOperator(operators)) {
      String operator = tokens.next().text();
      steps.add(new Operations.Step(operator, operand.get()));
    }

    return new Operations.Arithmetic(first, steps);
  }

  private boolean atAnyOperator(Set<String> operators) {
    return tokens.at(Kind.OPERATOR) && operators.contains(tokens.current().text());
  }

  private Expression parseConcatenation() {
    Expression first = parseProduct();

    if (!tokens.atOperator("~")) {
      return first;
    }

    List<Expression> parts = new ArrayList<>(List.of(first));

    while (tokens.skipOperator("~")) {
      parts.add(parseProduct());
    }

    return new Operations.Concatenation(parts);
  }

  private Expression parseProduct() {
    return parseChain(PRODUCTS, () -> parseChain(POWERS, () -> parseUnary(true)));
  }

  private Expression parseUnary(boolean withFilters) {
    Expression operand;

    if (tokens.atOperator("-") || tokens.atOperator("+")) {
      String sign = tokens.next().text();
      tokens.descend();
      operand = new Operations.Signed(sign.equals("-"), parseUnary(false));
      tokens.ascend();
    } else {
      operand = parsePrimary();
    }

    operand = postfix.parsePostfix(operand);
    return withFilters ? postfix.parseFilters(operand) : operand;
  }

  Expression parsePrimary() {
    Token token = tokens.current();

    return switch (token.kind()) {
      case NAME -> parseName();
      case STRING -> parseStrings();
      case INTEGER, FLOAT -> Literals.number(tokens.next());
      case OPERATOR -> parseDisplay(token);
      default -> throw unexpected(token);
    };
  }

  private Expression parseName() {
    String name = tokens.next().text();
    Object constant = CONSTANTS.get(name);

    if (constant != null) {
      return new Literals.Constant(constant);
    }

    noteName(name);
    return new Lookups.Name(name);
  }

  /** Tells those who listen that the template reads {@code name}. */
  void noteName(String name) {
    nameListeners.forEach(names -> names.add(name));
  }

  private Expression parseStrings() {
    StringBuilder text = new StringBuilder(tokens.next().text());

    while (tokens.at(Kind.STRING)) {
      text.append(tokens.next().text());
    }

    return new Literals.Constant(text.toString());
  }

  private Expression parseDisplay(Token token) {
    switch (token.text()) {
      case "(" -> {
        tokens.next();
        Expression inner = parseTuple(true, true, () -> false);
        tokens.expectOperator(")");
        return inner;
      }
      case "[" -> {
        tokens.next();
        List<Expression> elements = new ArrayList<>();
        parseElements("]", () -> elements.add(parse()));
        return new Literals.ListOf(elements);
      }
      case "{" -> {
        tokens.next();
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        parseElements(
            "}",
            () -> {
              keys.add(parse());
              tokens.expectOperator(":");
              values.add(parse());
            });
        return new Literals.DictOf(keys, values);
      }
      default -> throw unexpected(token);
    }
  }

  /** Elements with commas between them and perhaps after the last, up to {@code end}. */
  private void parseElements(String end, Runnable element) {
    while (!tokens.skipOperator(end)) {
      element.run();

      if (!tokens.atOperator(end)) {
        tokens.expectOperator(",");
      }
    }
  }

  private JinjaException unexpected(Token token) {
    return tokens.failure("unexpected " + token.description());
  }
}
