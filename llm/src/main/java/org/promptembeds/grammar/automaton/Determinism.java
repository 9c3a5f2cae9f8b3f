package org.promptembeds.grammar.automaton;

import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.MinimizationOperations;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/** What is done to automata of Lucene, within a bound of work. */
public final class Determinism {
  private static final int MOST_WORK = 4_000_000;

  private Determinism() {}

  /**
   * The smallest deterministic automaton of the same language.
   *
   * @throws GrammarException if it takes too much work
   */
  public static Automaton minimal(Automaton automaton) {
    try {
      return MinimizationOperations.minimize(automaton, MOST_WORK);
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  /**
   * A deterministic automaton of the same language, without dead states.
   *
   * @throws GrammarException if it takes too much work
   */
  public static Automaton deterministic(Automaton automaton) {
    try {
      return Operations.removeDeadStates(Operations.determinize(automaton, MOST_WORK));
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  /**
   * What {@code all} accepts and {@code without} does not.
   *
   * @throws GrammarException if it takes too much work
   */
  public static Automaton minus(Automaton all, Automaton without) {
    try {
      return Operations.minus(all, without, MOST_WORK);
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  private static GrammarException tooComplex() {
    return new GrammarException(
        "a pattern, or several together, take too many states: lower their repetitions or join fewer");
  }
}
