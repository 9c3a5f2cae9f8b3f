package org.promptembeds.grammar.text;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.Determinism;
import org.promptembeds.grammar.automaton.GrammarException;

/** Makes an automaton of a machine, by visiting every state that it can come to. */
final class Exploration<S> {
  private static final int MOST_STATES = 200_000;

  private final Machine<S> machine;
  private final Automaton.Builder automaton = new Automaton.Builder();
  private final Map<S, Integer> numbers = new HashMap<>();
  private final ArrayDeque<S> open = new ArrayDeque<>();

  /** What reads characters of an alphabet one by one; states are values. */
  interface Machine<S> {
    S start();

    /** The state after a character; null if it cannot follow. */
    @Nullable S next(S state, char c);

    boolean accepts(S state);
  }

  private Exploration(Machine<S> machine) {
    this.machine = machine;
  }

  static <S> Automaton of(Machine<S> machine, String alphabet) {
    Exploration<S> exploration = new Exploration<>(machine);
    exploration.number(machine.start());
    while (!exploration.open.isEmpty()) {
      exploration.lead(exploration.open.remove(), alphabet);
    }

    return Determinism.minimal(exploration.automaton.finish());
  }

  private int number(S state) {
    Integer known = numbers.get(state);
    if (known != null) {
      return known;
    }

    if (numbers.size() == MOST_STATES) {
      throw new GrammarException(
          "a condition on numbers takes more than %,d states: use bounds of fewer digits"
              .formatted(MOST_STATES));
    }

    int number = automaton.createState();
    automaton.setAccept(number, machine.accepts(state));
    numbers.put(state, number);
    open.add(state);
    return number;
  }

  private void lead(S state, String alphabet) {
    int from = number(state);
    for (int i = 0; i < alphabet.length(); i++) {
      char c = alphabet.charAt(i);
      S next = machine.next(state, c);
      if (next != null) {
        automaton.addTransition(from, number(next), c);
      }
    }
  }
}
