package org.promptembeds.grammar.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.automaton.Syntax.Repeat;

/**
 * Reads grammars in GBNF, as llama.cpp has it: {@code name ::= alternatives}, of which {@code root}
 * is the whole. A rule may begin with itself; rules may not by way of others.
 */
public final class GbnfParser {
  /** The rule of whole outputs. */
  public static final String ROOT = "root";

  private static final int DEEPEST = 200;

  private final GbnfScanner in;
  private final String prefix;
  private final Map<String, Syntax> rules = new LinkedHashMap<>();
  private int depth;

  private GbnfParser(String grammar, String prefix) {
    this.in = new GbnfScanner(grammar);
    this.prefix = prefix;
  }

  /**
   * The rules of a grammar by name.
   *
   * @param prefix what names begin with
   * @throws GrammarException naming the line at fault
   */
  public static Map<String, Syntax> parse(String grammar, String prefix) {
    GbnfParser parser = new GbnfParser(grammar, prefix);
    parser.in.skipSpace(true);
    while (!parser.in.atEnd()) {
      parser.rule();
      parser.in.skipSpace(true);
    }

    if (!parser.rules.containsKey(prefix + ROOT)) {
      throw new GrammarException(
          "grammar: there is no rule 'root': write GBNF, such as root ::= \"yes\" | \"no\"");
    }

    return parser.rules;
  }

  private void rule() {
    String name = prefix + in.name();
    in.skipSpace(true);
    if (!in.skip("::=")) {
      throw in.malformed("'::=' was expected");
    }

    if (rules.put(name, withoutLeftRecursion(name, alternatives(true))) != null) {
      throw in.malformed("a second rule '" + name + "'");
    }
  }

  private List<RegularPart> alternatives(boolean outermost) {
    if (++depth > DEEPEST) {
      throw in.malformed("more than " + DEEPEST + " groups in one another");
    }

    List<RegularPart> options = new ArrayList<>();
    do {
      options.add(sequence(outermost));
    } while (in.skip("|"));
    depth--;
    return options;
  }

  private RegularPart sequence(boolean outermost) {
    List<RegularPart> parts = new ArrayList<>();
    in.skipSpace(true);
    while (!in.atEnd() && in.peek() != '|' && in.peek() != ')' && !in.seesRule()) {
      parts.add(repeated(item()));
      in.skipSpace(!outermost);
      if (outermost && isLineEnd()) {
        in.skipSpace(true);
        if (in.peek() != '|') {
          break;
        }
      }
    }

    return RegularPart.series(parts);
  }

  private boolean isLineEnd() {
    return in.peek() == '\n' || in.peek() == '\r';
  }

  private RegularPart item() {
    if (in.skip("(")) {
      RegularPart body = RegularPart.either(alternatives(false));
      if (!in.skip(")")) {
        throw in.malformed("'(' without ')'");
      }

      return body;
    }

    if (in.skip("\"")) {
      StringBuilder literal = new StringBuilder();
      while (!in.skip("\"")) {
        literal.appendCodePoint(in.character());
      }

      return RegularPart.of(TextSets.text(literal.toString()));
    }

    if (in.skip("[")) {
      return RegularPart.of(characters().automaton());
    }

    if (in.skip(".")) {
      return RegularPart.of(CodePoints.all().automaton());
    }

    if (!in.seesName()) {
      throw in.malformed("the character '" + in.peek() + "' was not expected");
    }

    return RegularPart.of(new Syntax.Reference(prefix + in.name()));
  }

  private CodePoints characters() {
    boolean negated = in.skip("^");
    CodePoints set = new CodePoints();
    while (!in.skip("]")) {
      int first = in.character();
      int last = first;
      if (in.skip("-")) {
        if (in.peek() == ']') {
          set.add('-', '-');
        } else {
          last = in.character();
        }
      }

      if (last < first) {
        throw in.malformed("a range whose end comes before its start");
      }

      set.add(first, last);
    }

    return negated ? set.complement() : set;
  }

  private RegularPart repeated(RegularPart item) {
    RegularPart part = item;
    while (true) {
      if (in.skip("*")) {
        part = part.repeated(0, Repeat.UNBOUNDED);
      } else if (in.skip("+")) {
        part = part.repeated(1, Repeat.UNBOUNDED);
      } else if (in.skip("?")) {
        part = part.repeated(0, 1);
      } else if (in.skip("{")) {
        part = bounded(part);
      } else {
        return part;
      }
    }
  }

  private RegularPart bounded(RegularPart part) {
    int least = in.peek() == ',' ? 0 : in.number();
    int most = least;
    if (in.skip(",")) {
      most = in.peek() == '}' ? Repeat.UNBOUNDED : in.number();
    }

    if (!in.skip("}")
        || (most != Repeat.UNBOUNDED && most < least)
        || Math.max(least, most) > 10_000) {
      throw in.malformed("bounds must be {n}, {n,} or {n,m} with m not below n, up to 10000");
    }

    return part.repeated(least, most);
  }

  /** Reads {@code a ::= a x | y} as {@code y x*}. */
  private static Syntax withoutLeftRecursion(String name, List<RegularPart> options) {
    List<RegularPart> bases = new ArrayList<>();
    List<RegularPart> tails = new ArrayList<>();
    for (RegularPart option : options) {
      RegularPart tail = option.behind(name);
      if (tail == null) {
        bases.add(option);
      } else {
        tails.add(tail);
      }
    }

    RegularPart base = RegularPart.either(bases);
    return tails.isEmpty()
        ? base.syntax()
        : Syntax.series(
            base.syntax(), new Repeat(RegularPart.either(tails).syntax(), 0, Repeat.UNBOUNDED));
  }
}
