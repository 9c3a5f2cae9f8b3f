package org.promptembeds.grammar.text;

import org.promptembeds.grammar.automaton.GrammarException;

/** The characters of a grammar in GBNF, from left to right; skips white space and comments. */
final class GbnfScanner {
  private final String text;
  private int at;

  GbnfScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** The next character, which stays; 0 at the end. */
  char peek() {
    return atEnd() ? 0 : text.charAt(at);
  }

  boolean skip(String part) {
    boolean seen = text.startsWith(part, at);
    at += seen ? part.length() : 0;
    return seen;
  }

  /** Skips white space and comments, new lines too if {@code lines}. */
  void skipSpace(boolean lines) {
    while (!atEnd()) {
      char c = peek();
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else {
        return;
      }
    }
  }

  boolean seesName() {
    return isNamePart(peek());
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  String name() {
    int start = at;
    while (seesName()) {
      at++;
    }

    if (start == at) {
      throw malformed("a name was expected");
    }

    return text.substring(start, at);
  }

  /** Whether a name and {@code ::=} come next: the beginning of a rule. */
  boolean seesRule() {
    int back = at;
    while (seesName()) {
      at++;
    }

    boolean named = at > back;
    skipSpace(true);
    boolean rule = named && text.startsWith("::=", at);
    at = back;
    return rule;
  }

  int number() {
    int start = at;
    while (peek() >= '0' && peek() <= '9' && at - start < 6) {
      at++;
    }

    if (start == at) {
      throw malformed("a number was expected");
    }

    return Integer.parseInt(text.substring(start, at));
  }

  /** A character of a literal or a class, an escape resolved. */
  int character() {
    if (atEnd() || peek() == '\n') {
      throw malformed("a literal or class has no end");
    }

    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\') {
      return c;
    }

    char letter = peek();
    at += atEnd() ? 0 : 1;
    return switch (letter) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case '"', '\\', '[', ']', '-', '^', '/', '\'' -> letter;
      default -> throw malformed("the escape \\" + letter);
    };
  }

  private int hex(int digits) {
    try {
      int value = Integer.parseInt(text, at, at + digits, 16);
      at += digits;
      if (Character.isValidCodePoint(value)
          && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE)) {
        return value;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw malformed("an escape needs " + digits + " hexadecimal digits");
    }

    throw malformed("an escape names no character");
  }

  GrammarException malformed(String what) {
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - text.lastIndexOf('\n', Math.max(0, at - 1));
    return new GrammarException(
        "grammar: line %d, column %d: %s".formatted(line, Math.max(1, column), what));
  }
}
