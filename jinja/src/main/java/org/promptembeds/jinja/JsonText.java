package org.promptembeds.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** JSON as Python's {@code json.dumps} writes it, which is how transformers fills templates. */
final class JsonText {
  private static final int MAX_NESTING = 200;

  private final PythonText text;
  private final boolean ascii;
  private final boolean sortKeys;
  private final boolean pretty;
  private final String indent;
  private final String itemSeparator;
  private final String keySeparator;

  private JsonText(Arguments.Bound options, Budget budget) {
    this.text = new PythonText(budget);
    this.ascii = options.truth("ensure_ascii", false);
    this.sortKeys = options.truth("sort_keys", false);
    Object step = options.optional("indent", None.NONE);
    this.pretty = step != None.NONE;
    this.indent = indent(step);
    Object separators = options.optional("separators", None.NONE);

    if (separators == None.NONE) {
      this.itemSeparator = pretty ? "," : ", ";
      this.keySeparator = ": ";
    } else {
      List<Object> pair = Iteration.elements(separators);

      if (pair.size() != 2
          || !(pair.get(0) instanceof String item)
          || !(pair.get(1) instanceof String key)) {
        throw new JinjaException("tojson takes two strings as separators");
      }

      this.itemSeparator = item;
      this.keySeparator = key;
    }
  }

  private static String indent(Object step) {
    if (step == None.NONE) {
      return "";
    }

    if (step instanceof String text) {
      return text;
    }

    if (Numbers.isInteger(step)) {
      return " ".repeat((int) Math.max(0, Math.min(1000, Numbers.toLong(step))));
    }

    throw new JinjaException(
        "tojson takes an integer or a string as indent, got " + Values.typeName(step));
  }

  /** The {@code tojson} filter with the arguments that transformers gives it. */
  static String filter(Object value, Arguments arguments, Budget budget) {
    JsonText json =
        new JsonText(
            arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"), budget);
    json.write(value, 0);
    return json.text.toString();
  }

  private void write(Object value, int level) {
    if (level > MAX_NESTING) {
      throw new JinjaException("a value nests more than %d deep".formatted(MAX_NESTING));
    }

    if (value instanceof Map<?, ?> map) {
      writeMap(map, level);
    } else if (value instanceof List<?> list && !(value instanceof Range)) {
      writeAll("[", list.iterator(), element -> write(element, level + 1), "]", level);
    } else if (value instanceof String string) {
      writeString(string);
    } else {
      text.append(scalar(value));
    }
  }

  private void writeMap(Map<?, ?> map, int level) {
    Iterator<? extends Map.Entry<?, ?>> entries = sorted(map).entrySet().iterator();
    writeAll(
        "{",
        entries,
        entry -> {
          writeString(entry.getKey() instanceof String key ? key : scalar(entry.getKey()));
          text.append(keySeparator);
          write(entry.getValue(), level + 1);
        },
        "}",
        level);
  }

  private Map<?, ?> sorted(Map<?, ?> map) {
    if (!sortKeys) {
      return map;
    }

    Map<String, Object> sorted = new TreeMap<>(Comparison::compareText);
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new JinjaException("tojson sorts only keys that are strings");
          }

          sorted.put(name, value);
        });
    return sorted;
  }

  private <T> void writeAll(
      String begin, Iterator<T> elements, Consumer<T> writer, String end, int level) {
    text.append(begin);

    if (elements.hasNext()) {
      breakLine(level + 1);

      while (elements.hasNext()) {
        writer.accept(elements.next());

        if (elements.hasNext()) {
          text.append(itemSeparator);
          breakLine(level + 1);
        }
      }

      breakLine(level);
    }

    text.append(end);
  }

  private void breakLine(int level) {
    if (pretty) {
      text.append("\n");

      for (int i = 0; i < level; i++) {
        text.append(indent);
      }
    }
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean || value instanceof Long) {
      return value.toString();
    }

    if (value == None.NONE) {
      return "null";
    }

    if (value instanceof Double number) {
      if (number.isNaN() || number.isInfinite()) {
        return number.isNaN() ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
      }

      return Numbers.text(number);
    }

    throw new JinjaException("tojson cannot write " + Values.typeName(value));
  }

  private void writeString(String string) {
    StringBuilder quoted = new StringBuilder(string.length() + 2).append('"');

    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);

      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }

    text.append(quoted.append('"').toString());
  }
}
