package org.promptembeds.jinja;

import java.util.regex.Pattern;

/** A quoted string of a template, with Python's escapes. */
final class StringLiteral {
  /** Possessive, so that a long literal does not deepen the stack. */
  static final Pattern PATTERN =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);

  private final String body;
  private final StringBuilder text = new StringBuilder();
  private int position;

  private StringLiteral(String body) {
    this.body = body;
  }

  static String unescape(String literal) {
    return new StringLiteral(literal.substring(1, literal.length() - 1)).read();
  }

  private String read() {
    while (position < body.length()) {
      char c = body.charAt(position++);

      if (c != '\\') {
        text.append(c);
      } else {
        readEscape(body.charAt(position++));
      }
    }

    return text.toString();
  }

  private void readEscape(char c) {
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append(c);
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'v' -> text.append('\u000b');
      case 'x' -> readHex(2);
      case 'u' -> readHex(4);
      case 'U' -> readHex(8);
      case 'N' -> readNamed();
      case '0', '1', '2', '3', '4', '5', '6', '7' -> readOctal(c);
      default -> text.append('\\').append(c);
    }
  }

  private void readHex(int digits) {
    int end = position + digits;
    String hex = end <= body.length() ? body.substring(position, end) : "";

    if (!hex.matches("[0-9a-fA-F]+") || Long.parseLong(hex, 16) > Character.MAX_CODE_POINT) {
      throw new JinjaException(
          "a string has a \\%s escape without %d hexadecimal digits of a character"
              .formatted(body.charAt(position - 1), digits));
    }

    text.appendCodePoint((int) Long.parseLong(hex, 16));
    position = end;
  }

  private void readOctal(char first) {
    int value = first - '0';

    for (int i = 0; i < 2 && position < body.length(); i++) {
      int digit = body.charAt(position) - '0';

      if (digit < 0 || digit > 7) {
        break;
      }

      value = value * 8 + digit;
      position++;
    }

    text.appendCodePoint(value);
  }

  private void readNamed() {
    int end = body.indexOf('}', position);

    if (end < 0 || body.charAt(position) != '{') {
      throw new JinjaException("a string has a \\N escape without a {name}");
    }

    String name = body.substring(position + 1, end);

    try {
      text.appendCodePoint(Character.codePointOf(name));
    } catch (IllegalArgumentException e) {
      throw new JinjaException("a string names the unknown character \\N{" + name + "}");
    }

    position = end + 1;
  }
}
