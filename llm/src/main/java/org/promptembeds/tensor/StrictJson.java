package org.promptembeds.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of RFC 8259 JSON for headers of tensor files: objects become {@link Map}, arrays {@link
 * List}, integers {@link Long}, other numbers {@link Double}. Refuses names given twice, nesting
 * deeper than {@value #MAX_DEPTH} and anything after the value.
 */
final class StrictJson {
  static final int MAX_DEPTH = 16;

  private final String source;
  private final String text;
  private int position;

  private StrictJson(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /**
   * The value of {@code text}.
   *
   * @throws TensorFormatException if it is not one JSON value
   */
  static @Nullable Object parse(String source, String text) {
    StrictJson reader = new StrictJson(source, text);
    Object value = reader.value(0);
    reader.skipSpace();
    if (reader.position < text.length()) {
      throw reader.unexpected("the end of the header");
    }

    return value;
  }

  private @Nullable Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw problem("nesting deeper than " + MAX_DEPTH);
    }

    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    position++;
    skipSpace();
    if (accept('}')) {
      return members;
    }

    do {
      skipSpace();
      if (peek() != '"') {
        throw unexpected("a name in quotes");
      }

      String name = string();
      skipSpace();
      expect(':');
      Object value = value(depth + 1);
      if (members.containsKey(name)) {
        throw problem("the name \"" + Shown.text(name) + "\" is given twice");
      }

      members.put(name, value);
      skipSpace();
    } while (accept(','));
    expect('}');
    return members;
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> elements = new ArrayList<>();
    position++;
    skipSpace();
    if (accept(']')) {
      return elements;
    }

    do {
      elements.add(value(depth + 1));
      skipSpace();
    } while (accept(','));
    expect(']');
    return elements;
  }

  private String string() {
    position++;
    StringBuilder characters = new StringBuilder();
    while (true) {
      char next = peek();
      position++;
      if (next == '"') {
        return characters.toString();
      }

      if (next < ' ') {
        throw problem("an unescaped control character in a string");
      }

      characters.append(next == '\\' ? escaped() : next);
    }
  }

  private char escaped() {
    char escape = peek();
    position++;
    return switch (escape) {
      case '"', '\\', '/' -> escape;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw problem("an unknown escape in a string");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw unexpected("a hexadecimal digit");
      }

      code = code * 16 + digit;
      position++;
    }

    return (char) code;
  }

  private Object number() {
    int start = position;
    accept('-');
    if (!accept('0')) {
      digits();
    }

    boolean integer = true;
    if (accept('.')) {
      integer = false;
      digits();
    }

    if (accept('e') || accept('E')) {
      integer = false;
      if (!accept('+')) {
        accept('-');
      }

      digits();
    }

    String number = text.substring(start, position);
    try {
      return integer ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
    } catch (NumberFormatException e) {
      throw new TensorFormatException(
          source, "the number " + Shown.text(number) + " is out of range", e);
    }
  }

  private void digits() {
    int start = position;
    while (position < text.length()
        && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }

    if (position == start) {
      throw unexpected("a value");
    }
  }

  private @Nullable Object literal(String word, @Nullable Object value) {
    if (!text.startsWith(word, position)) {
      throw unexpected("a value");
    }

    position += word.length();
    return value;
  }

  private void skipSpace() {
    while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private char peek() {
    if (position >= text.length()) {
      throw problem("the text ends too early");
    }

    return text.charAt(position);
  }

  private boolean accept(char expected) {
    if (position < text.length() && text.charAt(position) == expected) {
      position++;
      return true;
    }

    return false;
  }

  private void expect(char expected) {
    if (!accept(expected)) {
      throw unexpected("'" + expected + "'");
    }
  }

  private TensorFormatException unexpected(String expected) {
    String found = position < text.length() ? "'" + text.charAt(position) + "'" : "the end";
    return problem("expected " + expected + ", found " + Shown.text(found));
  }

  private TensorFormatException problem(String problem) {
    return new TensorFormatException(
        source, "invalid JSON in the header at character " + position + ": " + problem);
  }
}
