package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's ways to take a string apart. */
final class Splitting {
  private Splitting() {}

  static List<Object> split(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    int limit = bound.integer("maxsplit", -1);
    budget.charge(text.length());
    return isSpaces(bound)
        ? splitSpaces(text, limit, budget)
        : splitAt(text, separator(bound), limit, budget);
  }

  static List<Object> splitFromRight(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    int limit = bound.integer("maxsplit", -1);
    budget.charge(text.length());
    List<Object> reversed =
        isSpaces(bound)
            ? splitSpaces(reversed(text), limit, budget)
            : splitAt(reversed(text), reversed(separator(bound)), limit, budget);
    List<Object> parts = new ArrayList<>();
    reversed.forEach(part -> parts.add(reversed((String) part)));
    Collections.reverse(parts);
    return parts;
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static boolean isSpaces(Arguments.Bound bound) {
    return bound.optional("sep", None.NONE) == None.NONE;
  }

  private static String separator(Arguments.Bound bound) {
    String separator = bound.text("sep");

    if (separator.isEmpty()) {
      throw new JinjaException(bound.function() + " needs a separator that is not empty");
    }

    return separator;
  }

  private static List<Object> splitAt(String text, String separator, int limit, Budget budget) {
    budget.read(separator);
    TextSearch search = new TextSearch(separator);
    List<Object> parts = new ArrayList<>();
    int position = 0;

    for (int found = search.first(text, 0);
        found >= 0 && parts.size() != limit;
        found = search.first(text, position)) {
      budget.charge(Budget.UNITS_PER_PART);
      parts.add(text.substring(position, found));
      position = found + separator.length();
    }

    parts.add(text.substring(position));
    return parts;
  }

  private static List<Object> splitSpaces(String text, int limit, Budget budget) {
    List<Object> parts = new ArrayList<>();
    int position = skip(text, 0, true);

    while (position < text.length() && parts.size() != limit) {
      budget.charge(Budget.UNITS_PER_PART);
      int end = skip(text, position, false);
      parts.add(text.substring(position, end));
      position = skip(text, end, true);
    }

    if (position < text.length()) {
      parts.add(text.substring(position));
    }

    return parts;
  }

  private static int skip(String text, int from, boolean spaces) {
    int position = from;

    while (position < text.length() && PythonText.isSpace(text.charAt(position)) == spaces) {
      position++;
    }

    return position;
  }

  static List<Object> lines(String text, Arguments arguments, Budget budget) {
    boolean keepEnds = arguments.bind("splitlines", "keepends").truth("keepends", false);
    budget.charge(text.length());
    List<Object> lines = new ArrayList<>();
    int start = 0;

    for (int i = 0; i < text.length(); i++) {
      if (isLineEnd(text.charAt(i))) {
        boolean pair =
            text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
        int next = i + (pair ? 2 : 1);
        budget.charge(Budget.UNITS_PER_PART);
        lines.add(text.substring(start, keepEnds ? next : i));
        start = next;
        i = next - 1;
      }
    }

    if (start < text.length()) {
      lines.add(text.substring(start));
    }

    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= 0x0a && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static Tuple partition(String text, Arguments arguments, Budget budget) {
    String separator = separator(arguments.bind("partition", "sep"));
    budget.charge((long) text.length() + separator.length());
    int found = new TextSearch(separator).first(text, 0);
    return found < 0 ? Tuple.of(text, "", "") : around(text, found, separator);
  }

  static Tuple partitionFromRight(String text, Arguments arguments, Budget budget) {
    String separator = separator(arguments.bind("rpartition", "sep"));
    budget.charge((long) text.length() + separator.length());
    int found = new TextSearch(separator).last(text);
    return found < 0 ? Tuple.of("", "", text) : around(text, found, separator);
  }

  private static Tuple around(String text, int found, String separator) {
    return Tuple.of(
        text.substring(0, found), separator, text.substring(found + separator.length()));
  }
}
