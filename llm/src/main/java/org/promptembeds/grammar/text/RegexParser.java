package org.promptembeds.grammar.text;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.promptembeds.grammar.automaton.GrammarException;

/**
 * Reads regular expressions as ECMA-262 writes them, apart from what is not regular (references,
 * looking around) and word boundaries, which it refuses. Greed makes no difference to what matches.
 *
 * <p>{@code ^} and {@code $} become characters of their own, {@link #BEGIN} and {@link #END}.
 */
final class RegexParser {
  /** Stands for the beginning of the text. A surrogate: no text has it. */
  static final int BEGIN = Character.MIN_SURROGATE;

  /** Stands for the end of the text. */
  static final int END = Character.MIN_SURROGATE + 1;

  private static final int MOST_REPEATED = 10_000;
  private static final int DEEPEST = 200;

  private final RegexScanner in;
  private int depth;

  private RegexParser(String regex) {
    this.in = new RegexScanner(regex);
  }

  /**
   * Texts that {@code regex} matches from end to end.
   *
   * @throws GrammarException if it is malformed or has what is not supported
   */
  static Automaton parse(String regex) {
    RegexParser parser = new RegexParser(regex);
    Automaton automaton = parser.alternatives();
    if (!parser.in.atEnd()) {
      throw parser.in.malformed("')' without '('");
    }

    return automaton;
  }

  private Automaton alternatives() {
    if (++depth > DEEPEST) {
      throw in.malformed("more than " + DEEPEST + " groups in one another");
    }

    List<Automaton> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (in.skip("|"));
    depth--;
    return options.size() == 1 ? options.get(0) : Operations.union(options);
  }

  private Automaton sequence() {
    List<Automaton> parts = new ArrayList<>();
    while (!in.atEnd() && !in.sees("|") && !in.sees(")")) {
      parts.add(repeated(atom()));
    }

    return parts.isEmpty()
        ? Automata.makeEmptyString()
        : parts.size() == 1 ? parts.get(0) : Operations.concatenate(parts);
  }

  private Automaton repeated(Automaton atom) {
    Automaton result;
    if (in.skip("*")) {
      result = Operations.repeat(atom);
    } else if (in.skip("+")) {
      result = Operations.repeat(atom, 1);
    } else if (in.skip("?")) {
      result = Operations.optional(atom);
    } else {
      int[] bounds = in.bounds();
      if (bounds == null) {
        return atom;
      }

      if (bounds[0] > MOST_REPEATED || bounds[1] > MOST_REPEATED) {
        throw in.malformed("more than " + MOST_REPEATED + " repetitions");
      }

      result =
          bounds[1] < 0
              ? Operations.repeat(atom, bounds[0])
              : Operations.repeat(atom, bounds[0], bounds[1]);
    }

    in.skip("?");
    if (in.sees("*") || in.sees("+") || in.sees("?")) {
      throw in.malformed("a repetition of a repetition");
    }

    return result;
  }

  private Automaton atom() {
    if (in.skip("(")) {
      return group();
    }

    if (in.skip("[")) {
      return new RegexClass(in).read().automaton();
    }

    if (in.skip("^")) {
      return Automata.makeChar(BEGIN);
    }

    if (in.skip("$")) {
      return Automata.makeChar(END);
    }

    if (in.skip(".")) {
      return CharacterClasses.any().automaton();
    }

    if (in.sees("*") || in.sees("+") || in.sees("?")) {
      throw in.malformed("nothing to repeat");
    }

    return in.sees("\\") ? in.escape(false).automaton() : Automata.makeChar(in.next());
  }

  private Automaton group() {
    if (in.skip("?")) {
      boolean plain = in.skip(":") || in.skipName();
      if (!plain) {
        throw in.unsupported("(?" + in.rest(1), "only groups, (?:…) and (?<name>…) are");
      }
    }

    Automaton body = alternatives();
    if (!in.skip(")")) {
      throw in.malformed("'(' without ')'");
    }

    return body;
  }
}
