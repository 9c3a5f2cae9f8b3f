package org.promptembeds.grammar.automaton;

import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.UTF32ToUTF8;

/**
 * A deterministic automaton over bytes: a leaf of a grammar, such as the inside of a string. From
 * each of its states there is a way to the end. Immutable.
 */
public sealed interface ByteDfa extends Callee permits TableDfa, CountedDfa {
  /** No state. */
  int DEAD = -1;

  /** The longest string whose characters are counted. */
  int MOST_COUNTED = 1 << 22;

  int start();

  /**
   * The state after a byte.
   *
   * @param value 0 to 255
   * @return {@link #DEAD} if the byte cannot follow
   */
  int next(int state, int value);

  /** Whether what was read up to {@code state} is whole. */
  boolean accepts(int state);

  /** Fewest bytes from {@code state} to the end. */
  int distance(int state);

  /**
   * What states of {@link #kin} have in common from which the same strings of at most {@code
   * longest} bytes can follow, end at the same places and bring the end nearer by as much.
   */
  long likeness(int state, int longest);

  /**
   * An automaton over bytes of one over code points: their UTF-8.
   *
   * @throws GrammarException if it has too many states
   */
  static ByteDfa ofText(Automaton codePoints) {
    return ofBytes(new UTF32ToUTF8().convert(codePoints));
  }

  /**
   * An automaton of one whose labels are bytes.
   *
   * @throws GrammarException if it has too many states
   */
  static ByteDfa ofBytes(Automaton bytes) {
    return TableDfa.of(Determinism.minimal(bytes));
  }

  /**
   * Strings of some length in quotation marks.
   *
   * @param unit one character of the string, as {@link #ofText} makes it: none of its spellings
   *     begins another or begins with a quotation mark
   * @param most at most {@value #MOST_COUNTED}
   */
  static ByteDfa counted(ByteDfa unit, int least, int most) {
    return new CountedDfa((TableDfa) unit, least, most);
  }

  /** What has {@link #likeness} in common with others. */
  ByteDfa kin();

  @Override
  default int shortest() {
    return distance(start());
  }
}
