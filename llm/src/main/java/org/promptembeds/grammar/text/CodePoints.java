package org.promptembeds.grammar.text;

import java.util.BitSet;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/** A set of code points, none of them a surrogate. */
final class CodePoints {
  private static final int END = Character.MAX_CODE_POINT + 1;

  private final BitSet members = new BitSet(END);

  static CodePoints of(String characters) {
    CodePoints set = new CodePoints();
    characters.codePoints().forEach(c -> set.add(c, c));
    return set;
  }

  static CodePoints range(int first, int last) {
    return new CodePoints().add(first, last);
  }

  static CodePoints all() {
    return range(0, Character.MAX_CODE_POINT);
  }

  CodePoints add(int first, int last) {
    members.set(first, last + 1);
    members.clear(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
    return this;
  }

  CodePoints add(CodePoints others) {
    members.or(others.members);
    return this;
  }

  CodePoints remove(CodePoints others) {
    members.andNot(others.members);
    return this;
  }

  CodePoints complement() {
    return all().remove(this);
  }

  /** The only member; -1 if there are none or several. */
  int single() {
    return members.cardinality() == 1 ? members.nextSetBit(0) : -1;
  }

  boolean has(int c) {
    return members.get(c);
  }

  /** Adds an edge for those of {@code edge}'s labels that are members. */
  void addTransitions(Automaton.Builder automaton, int from, Transition edge) {
    for (int first = members.nextSetBit(edge.min); first >= 0 && first <= edge.max; ) {
      int behind = members.nextClearBit(first);
      automaton.addTransition(from, edge.dest, first, Math.min(behind - 1, edge.max));
      first = members.nextSetBit(behind);
    }
  }

  /** Texts of one of these. */
  Automaton automaton() {
    Automaton automaton = new Automaton();
    int start = automaton.createState();
    int end = automaton.createState();
    automaton.setAccept(end, true);
    for (int first = members.nextSetBit(0); first >= 0; ) {
      int behind = members.nextClearBit(first);
      automaton.addTransition(start, end, first, behind - 1);
      first = members.nextSetBit(behind);
    }

    automaton.finishState();
    return automaton;
  }
}
