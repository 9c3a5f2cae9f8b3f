package org.promptembeds.grammar.text;

import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.automaton.Determinism;
import org.promptembeds.grammar.automaton.Syntax;

/** Leaves of JSON: strings with their quotation marks, numbers, white space. */
public final class JsonLeaves {
  /** One character of a string in every spelling, a pair of escaped surrogates too. */
  private static final Automaton CHARACTER =
      TextSets.matching(
          "[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]"
              + "|\\\\u([0-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}"
              + "|[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})");

  private static final Automaton QUOTE = Automata.makeChar('"');
  private static final CodePoints RAW = CodePoints.of("\"\\").add(0, 0x1f).complement();
  private static final String SHORT_ESCAPES = "\"\"\\\\\bb\ff\nn\rr\tt";

  private static final ByteDfa STRING =
      ByteDfa.ofText(Operations.concatenate(List.of(QUOTE, Operations.repeat(CHARACTER), QUOTE)));

  private static final ByteDfa NUMBER = ByteDfa.ofText(NumberSets.any());
  private static final ByteDfa WHOLE_NUMBER = ByteDfa.ofText(NumberSets.whole());
  private static final ByteDfa UNIT = ByteDfa.ofText(CHARACTER);

  /** One space, or a new line with its indentation, or nothing. */
  private static final ByteDfa SPACE =
      ByteDfa.ofText(TextSets.matching("( |\\n {0,40}|\\n\\t{0,20})?"));

  private JsonLeaves() {}

  /** Every string. */
  public static ByteDfa string() {
    return STRING;
  }

  /** Every number. */
  public static ByteDfa number() {
    return NUMBER;
  }

  /** Every whole number. */
  public static ByteDfa wholeNumber() {
    return WHOLE_NUMBER;
  }

  /** White space between the parts of a value; or none. */
  public static ByteDfa space() {
    return SPACE;
  }

  /** Strings of a number of characters. */
  public static ByteDfa stringOfLength(int least, int most) {
    return ByteDfa.counted(UNIT, least, most);
  }

  /** One string, in its shortest spelling. */
  public static Syntax string(String text) {
    StringBuilder spelled = new StringBuilder("\"");
    text.codePoints().forEach(c -> spell(c, spelled));
    return Syntax.text(spelled.append('"').toString());
  }

  private static void spell(int c, StringBuilder spelled) {
    int escape = escape(c);
    if (RAW.has(c)) {
      spelled.appendCodePoint(c);
    } else if (escape >= 0) {
      spelled.append('\\').append((char) escape);
    } else {
      spelled.append("\\u%04x".formatted(c));
    }
  }

  /** The letter of a short escape; -1 if there is none. */
  private static int escape(int c) {
    for (int i = 0; i < SHORT_ESCAPES.length(); i += 2) {
      if (SHORT_ESCAPES.charAt(i) == c) {
        return SHORT_ESCAPES.charAt(i + 1);
      }
    }

    return -1;
  }

  /** Strings of some texts, each in its shortest spelling. */
  public static ByteDfa string(Automaton texts) {
    return ByteDfa.ofText(Operations.concatenate(List.of(QUOTE, escaped(texts), QUOTE)));
  }

  private static Automaton escaped(Automaton texts) {
    Automaton deterministic = Determinism.deterministic(texts);
    int states = deterministic.getNumStates();
    if (states == 0) {
      return Automata.makeEmpty();
    }

    Automaton.Builder spelled = new Automaton.Builder();
    for (int state = 0; state < states; state++) {
      spelled.createState();
      spelled.setAccept(state, deterministic.isAccept(state));
    }

    Transition edge = new Transition();
    for (int state = 0; state < states; state++) {
      for (int i = deterministic.initTransition(state, edge); i > 0; i--) {
        deterministic.getNextTransition(edge);
        RAW.addTransitions(spelled, state, edge);
        addEscapes(spelled, state, edge);
      }
    }

    return Determinism.minimal(spelled.finish());
  }

  private static void addEscapes(Automaton.Builder spelled, int from, Transition edge) {
    for (int c = edge.min; c <= Math.min(edge.max, '\\'); c++) {
      if (RAW.has(c)) {
        continue;
      }

      int escape = escape(c);
      int at = spelled.createState();
      spelled.addTransition(from, at, '\\');
      if (escape >= 0) {
        spelled.addTransition(at, edge.dest, escape);
      } else {
        addHex(spelled, at, edge.dest, "u%04x".formatted(c));
      }
    }
  }

  private static void addHex(Automaton.Builder spelled, int from, int to, String digits) {
    int at = from;
    for (int i = 0; i < digits.length(); i++) {
      int next = i == digits.length() - 1 ? to : spelled.createState();
      spelled.addTransition(at, next, digits.charAt(i));
      at = next;
    }
  }
}
