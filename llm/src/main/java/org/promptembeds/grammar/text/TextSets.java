package org.promptembeds.grammar.text;

import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;
import org.promptembeds.grammar.automaton.Determinism;

/** Sets of texts as automata over code points. */
public final class TextSets {
  private static final Automaton ANY_TEXT =
      Determinism.minimal(Operations.repeat(CodePoints.all().automaton()));

  private TextSets() {}

  /** Every text. */
  public static Automaton anyText() {
    return ANY_TEXT;
  }

  /** One text. */
  public static Automaton text(String text) {
    return Automata.makeString(text);
  }

  /** Texts of {@code least} to {@code most} code points; no upper bound if {@code most} is -1. */
  public static Automaton ofLength(int least, int most) {
    Automaton one = CodePoints.all().automaton();
    return minimal(most < 0 ? Operations.repeat(one, least) : Operations.repeat(one, least, most));
  }

  /** Texts that a regular expression matches from end to end. */
  public static Automaton matching(String regex) {
    Automaton pattern = RegexParser.parse(regex);
    return within(
        Operations.concatenate(
            List.of(
                Operations.optional(Automata.makeChar(RegexParser.BEGIN)),
                pattern,
                Operations.optional(Automata.makeChar(RegexParser.END)))));
  }

  /** Texts in which a regular expression matches somewhere. */
  public static Automaton containing(String regex) {
    Automaton around =
        Operations.repeat(
            Operations.union(
                List.of(
                    CodePoints.all().automaton(),
                    Automata.makeCharRange(RegexParser.BEGIN, RegexParser.END))));
    return within(Operations.concatenate(List.of(around, RegexParser.parse(regex), around)));
  }

  /** Texts that have {@code part} within. */
  public static Automaton containingText(String part) {
    return minimal(Operations.concatenate(List.of(ANY_TEXT, Automata.makeString(part), ANY_TEXT)));
  }

  /** Some texts. */
  public static Automaton texts(List<String> texts) {
    return union(texts.stream().map(Automata::makeString).toList());
  }

  /** Texts of either set. */
  public static Automaton union(List<Automaton> sets) {
    return minimal(Operations.union(sets));
  }

  /** Texts of both sets. */
  public static Automaton intersection(Automaton first, Automaton second) {
    return minimal(Operations.intersection(first, second));
  }

  /** Texts of {@code all} that are not in {@code some}. */
  public static Automaton without(Automaton all, Automaton some) {
    return minimal(Determinism.minus(all, some));
  }

  public static boolean isEmpty(Automaton set) {
    return Operations.isEmpty(set);
  }

  /** Whether {@code set} has {@code text}. */
  public static boolean has(Automaton set, String text) {
    return !isEmpty(set) && Operations.run(set, text);
  }

  private static Automaton minimal(Automaton automaton) {
    return Determinism.minimal(automaton);
  }

  /** The texts that {@code marked} has between one beginning and one end. */
  private static Automaton within(Automaton marked) {
    Automaton whole =
        Operations.concatenate(
            List.of(
                Automata.makeChar(RegexParser.BEGIN),
                ANY_TEXT,
                Automata.makeChar(RegexParser.END)));
    Automaton found = Determinism.deterministic(Operations.intersection(marked, whole));
    int start = found.getNumStates() == 0 ? -1 : found.step(0, RegexParser.BEGIN);
    return start < 0 ? Automata.makeEmpty() : minimal(unmarked(found, start));
  }

  private static Automaton unmarked(Automaton marked, int start) {
    int states = marked.getNumStates();
    Automaton.Builder texts = new Automaton.Builder(states + 1, marked.getNumTransitions());
    int first = texts.createState();
    for (int state = 0; state < states; state++) {
      texts.createState();
    }

    Transition edge = new Transition();
    for (int state = 0; state < states; state++) {
      int end = marked.step(state, RegexParser.END);
      texts.setAccept(state + 1, end >= 0 && marked.isAccept(end));
      for (int i = marked.initTransition(state, edge); i > 0; i--) {
        marked.getNextTransition(edge);
        if (edge.min != RegexParser.BEGIN && edge.min != RegexParser.END) {
          texts.addTransition(state + 1, edge.dest + 1, edge.min, edge.max);
        }
      }
    }

    texts.addEpsilon(first, start + 1);
    return texts.finish();
  }
}
