package org.promptembeds.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Text under construction, which writes values as Python's {@code str} and {@code repr} do. */
final class PythonText {
  private static final int MAX_NESTING = 200;

  private final StringBuilder text = new StringBuilder();
  private final Budget budget;
  private int nesting;

  PythonText(Budget budget) {
    this.budget = budget;
  }

  /** Python's {@code str(value)}. */
  static String of(Object value, Budget budget) {
    if (value instanceof String string) {
      return string;
    }

    PythonText text = new PythonText(budget);
    text.appendString(value);
    return text.toString();
  }

  void append(String part) {
    budget.charge(part.length());
    text.append(part);
  }

  /** Appends {@code str(value)}. */
  void appendString(Object value) {
    if (value instanceof String string) {
      append(string);
    } else {
      appendRepr(value);
    }
  }

  /** Appends {@code repr(value)}. */
  void appendRepr(Object value) {
    if (++nesting > MAX_NESTING) {
      throw new JinjaException("a value nests more than %d deep".formatted(MAX_NESTING));
    }

    if (value instanceof String string) {
      append(quoted(string));
    } else if (value instanceof Tuple tuple) {
      appendElements("(", tuple, tuple.size() == 1 ? ",)" : ")");
    } else if (value instanceof Range range) {
      append(range.text());
    } else if (value instanceof List<?> list) {
      appendElements("[", list, "]");
    } else if (value instanceof Map<?, ?> map) {
      appendMap(map);
    } else if (value instanceof DictView view) {
      appendElements(view.kind() + "([", view.elements(), "])");
    } else if (value instanceof Namespace namespace) {
      append("<Namespace ");
      appendMap(namespace.attributes());
      append(">");
    } else {
      append(scalar(value));
    }

    nesting--;
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }

    if (value == None.NONE) {
      return "None";
    }

    if (value instanceof Long) {
      return value.toString();
    }

    if (value instanceof Double number) {
      return Numbers.text(number);
    }

    if (value instanceof Undefined) {
      return "";
    }

    if (value instanceof Macro macro) {
      return "<Macro " + quoted(macro.name()) + ">";
    }

    throw new JinjaException(
        "%s cannot be written as text; call it or make it a list"
            .formatted(Values.typeName(value)));
  }

  private void appendElements(String begin, List<?> elements, String end) {
    append(begin);

    for (int i = 0; i < elements.size(); i++) {
      append(i == 0 ? "" : ", ");
      appendElement(elements.get(i));
    }

    append(end);
  }

  private void appendMap(Map<?, ?> map) {
    append("{");
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();

    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      appendElement(entry.getKey());
      append(": ");
      appendElement(entry.getValue());
      append(entries.hasNext() ? ", " : "");
    }

    append("}");
  }

  private void appendElement(Object element) {
    if (element instanceof Undefined) {
      append("Undefined");
    } else {
      appendRepr(element);
    }
  }

  /** The string as Python's {@code repr} quotes and escapes it. */
  static String quoted(String string) {
    char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder(string.length() + 2).append(quote);
    string.codePoints().forEach(c -> appendEscaped(quoted, c, quote));
    return quoted.append(quote).toString();
  }

  private static void appendEscaped(StringBuilder quoted, int c, char quote) {
    switch (c) {
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      default -> {
        if (c == quote) {
          quoted.append('\\').append(quote);
        } else if (isPrintable(c)) {
          quoted.appendCodePoint(c);
        } else if (c < 0x100) {
          quoted.append("\\x%02x".formatted(c));
        } else {
          quoted.append(c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** Whether Python's {@code str.isspace} holds for the character. */
  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || Character.isSpaceChar(c);
  }

  static String stripLeft(String text) {
    int from = 0;

    while (from < text.length() && isSpace(text.charAt(from))) {
      from++;
    }

    return text.substring(from);
  }

  static String stripRight(String text) {
    int to = text.length();

    while (to > 0 && isSpace(text.charAt(to - 1))) {
      to--;
    }

    return text.substring(0, to);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
