package org.promptembeds.grammar.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.GrammarException;

/** The characters of a regular expression, from left to right, and its escapes. */
final class RegexScanner {
  private static final Pattern BOUNDS = Pattern.compile("\\{(\\d{1,9})(,(\\d{1,9})?)?\\}");
  private static final Pattern NAME = Pattern.compile("P?<[A-Za-z_$][\\w$]*>");
  private static final Pattern HEX =
      Pattern.compile("x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\\{([0-9a-fA-F]{1,6})\\}");
  private static final String CONTROLS = "t\tn\nr\rf\fv\u000b";

  private final String text;
  private int at;

  RegexScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  boolean sees(String part) {
    return text.startsWith(part, at);
  }

  boolean skip(String part) {
    boolean seen = sees(part);
    at += seen ? part.length() : 0;
    return seen;
  }

  /** The next code point, which is skipped. */
  int next() {
    if (atEnd()) {
      throw malformed("it ends too early");
    }

    int c = text.codePointAt(at);
    if (Character.isBmpCodePoint(c) && Character.isSurrogate((char) c)) {
      throw malformed("half of a surrogate pair");
    }

    at += Character.charCount(c);
    return c;
  }

  String rest(int length) {
    return text.substring(at, Math.min(text.length(), at + length));
  }

  /** Skips {@code <name>}. */
  boolean skipName() {
    return match(NAME) != null;
  }

  /**
   * Skips {@code {n}}, {@code {n,}} or {@code {n,m}}.
   *
   * @return both bounds, the latter -1 if there is none; null if there are no bounds here
   */
  int @Nullable [] bounds() {
    Matcher matcher = match(BOUNDS);
    if (matcher == null) {
      return null;
    }

    int least = Integer.parseInt(matcher.group(1));
    int most =
        matcher.group(2) == null
            ? least
            : matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
    if (most >= 0 && most < least) {
      throw malformed("the bounds {%d,%d}".formatted(least, most));
    }

    return new int[] {least, most};
  }

  private @Nullable Matcher match(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }

    at = matcher.end();
    return matcher;
  }

  /**
   * What an escape stands for, which is skipped.
   *
   * @param inClass whether it stands in brackets, where {@code \b} is a backspace
   */
  CodePoints escape(boolean inClass) {
    skip("\\");
    Matcher hex = match(HEX);
    if (hex != null) {
      return single(hex(hex));
    }

    int letter = next();
    CodePoints named = CharacterClasses.of(letter);
    if (named != null) {
      return named;
    }

    if (letter == 'p' || letter == 'P') {
      return property(letter == 'P');
    }

    if (letter == 'b' && inClass) {
      return single('\b');
    }

    if (letter == 'c' && !atEnd() && Character.isLetter(text.charAt(at))) {
      return single(next() % 32);
    }

    if (letter == '0') {
      return single(0);
    }

    if (letter == 'b' || letter == 'B' || letter == 'k' || (letter >= '1' && letter <= '9')) {
      throw unsupported("\\" + Character.toString(letter), "write it without");
    }

    int control = letter < 0x80 ? CONTROLS.indexOf(letter) : -1;
    if (control >= 0 && control % 2 == 0) {
      return single(CONTROLS.charAt(control + 1));
    }

    if (Character.isLetterOrDigit(letter)) {
      throw malformed("the escape \\" + Character.toString(letter));
    }

    return single(letter);
  }

  private int hex(Matcher matcher) {
    String digits =
        matcher.group(1) != null
            ? matcher.group(1)
            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    int c = Integer.parseInt(digits, 16);
    if (c >= Character.MIN_HIGH_SURROGATE && c <= Character.MAX_HIGH_SURROGATE && skip("\\")) {
      Matcher low = match(HEX);
      if (low != null && low.group(2) != null) {
        return Character.toCodePoint((char) c, (char) Integer.parseInt(low.group(2), 16));
      }
    }

    if (c > Character.MAX_CODE_POINT
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw malformed("the escape of U+" + digits);
    }

    return c;
  }

  private CodePoints property(boolean negated) {
    int end = text.indexOf('}', at);
    if (!skip("{") || end < 0) {
      throw malformed("\\p without {…}");
    }

    CodePoints set = CharacterClasses.property(text.substring(at, end));
    at = end + 1;
    return negated ? set.complement() : set;
  }

  private static CodePoints single(int c) {
    return CodePoints.range(c, c);
  }

  GrammarException malformed(String what) {
    return new GrammarException(
        "the pattern '%s' is malformed at character %d: %s".formatted(shown(), at, what));
  }

  GrammarException unsupported(String what, String remedy) {
    return new GrammarException(
        "the pattern '%s' has %s, which is not supported: %s".formatted(shown(), what, remedy));
  }

  private String shown() {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
