package org.promptembeds.grammar.text;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.automaton.Syntax.Repeat;

/**
 * A part of a grammar; as long as it refers to no rule, an automaton, so that all of it becomes one
 * leaf.
 *
 * @param regular the automaton; null if there is a reference within
 * @param parts what is read one after the other; without meaning if {@code regular} is there
 */
record RegularPart(@Nullable Automaton regular, List<Syntax> parts) {
  static RegularPart of(Automaton automaton) {
    return new RegularPart(automaton, List.of());
  }

  static RegularPart of(Syntax syntax) {
    return new RegularPart(null, List.of(syntax));
  }

  /** The part as the body of a rule. */
  Syntax syntax() {
    if (regular == null) {
      return parts.size() == 1 ? parts.get(0) : new Syntax.Series(parts);
    }

    return TextSets.isEmpty(regular) ? Syntax.NOTHING : new Syntax.Leaf(ByteDfa.ofText(regular));
  }

  static RegularPart series(List<RegularPart> parts) {
    List<Syntax> syntax = new ArrayList<>();
    List<Automaton> run = new ArrayList<>();
    for (RegularPart part : parts) {
      if (part.regular != null) {
        run.add(part.regular);
      } else {
        flush(run, syntax);
        syntax.addAll(part.parts);
      }
    }

    if (syntax.isEmpty()) {
      return of(Operations.concatenate(run));
    }

    flush(run, syntax);
    return new RegularPart(null, syntax);
  }

  private static void flush(List<Automaton> run, List<Syntax> syntax) {
    if (!run.isEmpty()) {
      syntax.add(of(Operations.concatenate(run)).syntax());
      run.clear();
    }
  }

  static RegularPart either(List<RegularPart> options) {
    if (options.size() == 1) {
      return options.get(0);
    }

    List<Automaton> automata = new ArrayList<>();
    options.forEach(
        option -> {
          if (option.regular != null) {
            automata.add(option.regular);
          }
        });
    return automata.size() == options.size()
        ? of(Operations.union(automata))
        : of(new Syntax.Either(options.stream().map(RegularPart::syntax).toList()));
  }

  RegularPart repeated(int least, int most) {
    Automaton body = regular;
    if (body == null) {
      return of(new Repeat(syntax(), least, most));
    }

    return of(
        most == Repeat.UNBOUNDED
            ? Operations.repeat(body, least)
            : Operations.repeat(body, least, most));
  }

  /** What comes behind a reference to {@code rule} that this begins with; null if it does not. */
  @Nullable RegularPart behind(String rule) {
    if (regular != null
        || parts.isEmpty()
        || !(parts.get(0) instanceof Syntax.Reference first)
        || !first.rule().equals(rule)) {
      return null;
    }

    return new RegularPart(null, parts.subList(1, parts.size()));
  }
}
