package org.promptembeds.jinja;

/** Python's searches in a string; places are counted in code points. */
final class Searching {
  private Searching() {}

  /** The part of {@code text} between the arguments {@code start} and {@code end}. */
  static String window(String text, Arguments.Bound bound, Budget budget) {
    if (!bound.has("start") && !bound.has("end")) {
      return text;
    }

    int length = text.codePointCount(0, text.length());
    int start = place(bound, "start", 0, length);
    int end = place(bound, "end", length, length);
    budget.charge(Math.max(0, end - start));
    return start >= end
        ? ""
        : text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
  }

  private static int place(Arguments.Bound bound, String name, int otherwise, int length) {
    if (bound.optional(name, None.NONE) == None.NONE) {
      return otherwise;
    }

    int place = bound.integer(name, otherwise);
    return Math.min(length, place < 0 ? Math.max(0, place + length) : place);
  }

  /** {@code find} or {@code rfind}: the place of a part, or -1. */
  static long find(String name, String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(name, "sub", "start", "end");
    String window = window(text, bound, budget);
    String part = bound.text("sub");
    budget.read(part);
    TextSearch search = new TextSearch(part);
    int found = name.startsWith("r") ? search.last(window) : search.first(window, 0);

    if (found < 0) {
      return -1;
    }

    int length = text.codePointCount(0, text.length());
    return (long) place(bound, "start", 0, length) + window.codePointCount(0, found);
  }

  static long index(String name, String text, Arguments arguments, Budget budget) {
    long found = find(name, text, arguments, budget);

    if (found < 0) {
      throw new JinjaException("%s does not find the substring".formatted(name));
    }

    return found;
  }

  static long count(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
    String window = window(text, bound, budget);
    String part = bound.text("sub");
    budget.read(part);

    if (part.isEmpty()) {
      return window.codePointCount(0, window.length()) + 1L;
    }

    TextSearch search = new TextSearch(part);
    long count = 0;

    for (int at = search.first(window, 0); at >= 0; at = search.first(window, at + part.length())) {
      count++;
    }

    return count;
  }
}
