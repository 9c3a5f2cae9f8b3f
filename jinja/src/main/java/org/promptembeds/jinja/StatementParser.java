package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.jinja.Token.Kind;

/** Makes statement trees out of tokens. */
final class StatementParser {
  private static final Statement NOTHING = new Statement.Body(List.of());

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final PostfixParser postfix;
  private final TargetParser targets;
  private int loops;

  StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
    this.postfix = new PostfixParser(tokens, expressions);
    this.targets = new TargetParser(tokens, expressions);
  }

  /** The whole template. */
  Statement parse() {
    Statement body = parseUntil(List.of());

    if (!tokens.at(Kind.END)) {
      throw tokens.failure("unexpected " + tokens.current().description());
    }

    return body;
  }

  /** Statements up to a tag of one of {@code ends}, whose name is then the current token. */
  private Statement parseUntil(List<String> ends) {
    List<Statement> statements = new ArrayList<>();
    int opened = tokens.line();
    tokens.descend();

    while (!tokens.at(Kind.END)) {
      int line = tokens.line();
      Token token = tokens.next();

      switch (token.kind()) {
        case DATA -> statements.add(new Blocks.Data(token.text()));
        case VARIABLE_BEGIN -> {
          Expression value = expressions.parseTuple(true);
          tokens.expect(Kind.VARIABLE_END, "'}}'");
          statements.add(new Statement.Placed(new Blocks.Print(value), line));
        }
        default -> {
          if (tokens.atAnyName(ends)) {
            tokens.ascend();
            return new Statement.Body(List.copyOf(statements));
          }

          statements.add(new Statement.Placed(parseStatement(), line));
          tokens.expect(Kind.BLOCK_END, "'%}'");
        }
      }
    }

    if (!ends.isEmpty()) {
      throw new JinjaException(
          "the block that begins here has no {%% %s %%}".formatted(ends.get(ends.size() - 1)),
          opened);
    }

    tokens.ascend();
    return new Statement.Body(List.copyOf(statements));
  }

  /** The statement of a tag, up to the end of its last tag. */
  private Statement parseStatement() {
    Token name = tokens.expect(Kind.NAME, "a statement's name");

    return switch (name.text()) {
      case "if" -> parseIf();
      case "for" -> parseFor();
      case "set" -> parseSet();
      case "with" -> parseWith();
      case "macro" -> parseMacro();
      case "call" -> parseCall();
      case "filter" -> parseFilter();
      case "block" -> parseBlock();
      case "generation" -> new Blocks.Scoped(List.of(), List.of(), isolated("endgeneration"));
      case "print" -> parsePrint();
      case "break" -> jump(Statement.Signal.BREAK, name);
      case "continue" -> jump(Statement.Signal.CONTINUE, name);
      default ->
          throw new JinjaException(
              "the statement '%s' is not supported in a chat template".formatted(name.text()),
              name.line());
    };
  }

  private Statement parsePrint() {
    List<Statement> prints = new ArrayList<>();

    while (!tokens.at(Kind.BLOCK_END)) {
      if (!prints.isEmpty()) {
        tokens.expectOperator(",");
      }

      prints.add(new Blocks.Print(expressions.parse()));
    }

    return new Statement.Body(List.copyOf(prints));
  }

  private Statement jump(Statement.Signal signal, Token name) {
    if (loops == 0) {
      throw new JinjaException("'%s' is outside of a loop".formatted(name.text()), name.line());
    }

    return new Blocks.Jump(signal);
  }

  private Statement bodyUntil(String end) {
    tokens.expect(Kind.BLOCK_END, "'%}'");
    Statement body = parseUntil(List.of(end));
    tokens.next();
    return body;
  }

  private Statement parseIf() {
    List<Blocks.Branch> branches = new ArrayList<>();

    do {
      Expression condition = expressions.parseTuple(false);
      tokens.expect(Kind.BLOCK_END, "'%}'");
      branches.add(new Blocks.Branch(condition, parseUntil(List.of("elif", "else", "endif"))));
    } while (tokens.skipName("elif"));

    Statement otherwise = tokens.skipName("else") ? bodyUntil("endif") : skip("endif");
    return new Blocks.If(List.copyOf(branches), otherwise);
  }

  private Statement skip(String end) {
    tokens.expectName(end);
    return NOTHING;
  }

  private Statement parseFor() {
    Target target = targets.parse(false);
    tokens.expectName("in");
    Expression iterable = expressions.parseLoopIterable();
    Expression condition = tokens.skipName("if") ? expressions.parse() : null;
    boolean recursive = tokens.skipName("recursive");
    tokens.expect(Kind.BLOCK_END, "'%}'");
    loops++;
    Statement body = parseUntil(List.of("else", "endfor"));
    loops--;
    Statement otherwise = tokens.skipName("else") ? bodyUntil("endfor") : skip("endfor");
    return new Blocks.For(target, iterable, condition, recursive, body, otherwise);
  }

  private Statement parseSet() {
    Target target = targets.parse(true);

    if (tokens.skipOperator("=")) {
      return new Blocks.Assign(target, expressions.parseTuple(true));
    }

    Expression filters = postfix.parseFilterChain(new Lookups.Name(Blocks.INPUT), true);
    return new Blocks.AssignText(target, isolated("endset"), filters);
  }

  private Statement parseWith() {
    List<Target> names = new ArrayList<>();
    List<Expression> values = new ArrayList<>();

    while (!tokens.at(Kind.BLOCK_END)) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }

      names.add(targets.parse(false));
      tokens.expectOperator("=");
      values.add(expressions.parse());
    }

    return new Blocks.Scoped(names, values, bodyUntil("endwith"));
  }

  private Statement parseMacro() {
    String name = tokens.expect(Kind.NAME, "the macro's name").text();
    return new Blocks.DefineMacro(parseMacroDefinition(name, parseParameters(true), "endmacro"));
  }

  private Macro.Definition parseMacroDefinition(String name, ParameterList parameters, String end) {
    Statement body = isolated(end);
    expressions.forget(parameters.names());
    return new Macro.Definition(name, parameters.parameters(), body, parameters.names());
  }

  /** Parameters, and the names read from them on, which the parser goes on to collect. */
  private record ParameterList(List<Macro.Parameter> parameters, Set<String> names) {}

  private ParameterList parseParameters(boolean required) {
    Set<String> names = new HashSet<>();
    List<Macro.Parameter> parameters = new ArrayList<>();
    expressions.listen(names);

    if (!required && !tokens.atOperator("(")) {
      return new ParameterList(parameters, names);
    }

    tokens.expectOperator("(");

    while (!tokens.skipOperator(")")) {
      String name = tokens.expect(Kind.NAME, "a parameter").text();
      Expression otherwise = tokens.skipOperator("=") ? expressions.parse() : null;
      checkDefault(parameters, name, otherwise);
      parameters.add(new Macro.Parameter(name, otherwise));

      if (!tokens.atOperator(")")) {
        tokens.expectOperator(",");
      }
    }

    return new ParameterList(List.copyOf(parameters), names);
  }

  private void checkDefault(
      List<Macro.Parameter> before, String name, @Nullable Expression otherwise) {
    if (otherwise == null
        && !before.isEmpty()
        && before.get(before.size() - 1).otherwise() != null) {
      throw tokens.failure(
          "parameter '%s' without a default follows one that has it".formatted(name));
    }
  }

  private Statement parseCall() {
    ParameterList parameters = parseParameters(false);
    Expression call = expressions.parse();

    if (!(call instanceof Lookups.Call callee)) {
      throw tokens.failure("a call block needs the call of a macro");
    }

    Macro.Definition body = parseMacroDefinition("caller", parameters, "endcall");
    return new Blocks.CallMacro(callee.function(), callee.arguments(), body);
  }

  private Statement parseFilter() {
    Expression filters = postfix.parseFilterChain(new Lookups.Name(Blocks.INPUT), false);
    return new Blocks.FilterText(isolated("endfilter"), filters);
  }

  private Statement parseBlock() {
    tokens.expect(Kind.NAME, "the block's name");
    tokens.skipName("scoped");
    tokens.skipName("required");
    Statement body = isolated("endblock");

    if (tokens.at(Kind.NAME)) {
      tokens.next();
    }

    return new Blocks.Scoped(List.of(), List.of(), body);
  }

  /** A body that no loop around it can be left from. */
  private Statement isolated(String end) {
    int around = loops;
    loops = 0;
    Statement body = bodyUntil(end);
    loops = around;
    return body;
  }
}
