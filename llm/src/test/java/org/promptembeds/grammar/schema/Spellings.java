package org.promptembeds.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.ReadState;
import org.promptembeds.grammar.automaton.Reader;
import org.promptembeds.grammar.text.NumberSets;

/** How a JSON value can be written: in each order of its properties. */
final class Spellings {
  private static final int MOST = 3000;

  private Spellings() {}

  /** Whether {@code grammar} has a spelling of {@code value}. */
  static boolean accepts(Pushdown grammar, JsonNode value) {
    Reader reader = new Reader(grammar);
    return of(value).stream().anyMatch(text -> accepts(reader, text));
  }

  static boolean accepts(Reader reader, String text) {
    ReadState end =
        reader.next(reader.start(), text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return end != null && end.isAccepting();
  }

  /** The spellings, with spaces as {@link Spacing#FIXED} has them. */
  static List<String> of(JsonNode value) {
    if (value.isArray()) {
      List<List<String>> items = new ArrayList<>();
      value.forEach(item -> items.add(of(item)));
      return joined(items).stream().map(text -> "[" + text + "]").toList();
    }

    if (value.isObject()) {
      List<List<String>> properties = new ArrayList<>();
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        String name = quoted(entry.getKey());
        properties.add(of(entry.getValue()).stream().map(text -> name + ": " + text).toList());
      }

      List<String> all = new ArrayList<>();
      permute(properties, 0, all);
      return all.stream().map(text -> "{" + text + "}").toList();
    }

    if (value.isNumber()) {
      return List.of(NumberSets.plain(value.decimalValue()));
    }

    return List.of(value.isTextual() ? quoted(value.textValue()) : value.toString());
  }

  private static void permute(List<List<String>> parts, int from, List<String> all) {
    if (all.size() > MOST) {
      return;
    }

    if (from >= parts.size() - 1) {
      all.addAll(joined(parts));
      return;
    }

    for (int i = from; i < parts.size(); i++) {
      Collections.swap(parts, from, i);
      permute(parts, from + 1, all);
      Collections.swap(parts, from, i);
    }
  }

  private static List<String> joined(List<List<String>> parts) {
    List<String> texts = List.of("");
    for (int i = 0; i < parts.size(); i++) {
      List<String> longer = new ArrayList<>();
      for (String text : texts) {
        for (String part : parts.get(i)) {
          longer.add(i == 0 ? part : text + ", " + part);
        }
      }

      texts = longer;
    }

    return texts;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              int escape = "\"\\\b\f\n\r\t".indexOf(c);
              if (escape >= 0) {
                quoted.append('\\').append("\"\\bfnrt".charAt(escape));
              } else if (c < ' ') {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
