package org.promptembeds.jinja;

import org.jspecify.annotations.Nullable;

/**
 * The search for one string in others, in a time that grows with the sum of their lengths whatever
 * they hold: long strings are looked for as Knuth, Morris and Pratt do. Immutable.
 */
final class TextSearch {
  /** Length up to which comparing at every place is as good. */
  private static final int SHORT = 8;

  private final String part;

  /** Of each length, how much of the part's beginning ends it, apart from itself. */
  private final int @Nullable [] borders; // null if the part is short

  TextSearch(String part) {
    this.part = part;
    this.borders = part.length() <= SHORT ? null : borders(part);
  }

  private static int[] borders(String part) {
    int[] borders = new int[part.length() + 1];
    int border = 0;
    for (int i = 1; i < part.length(); i++) {
      while (border > 0 && part.charAt(i) != part.charAt(border)) {
        border = borders[border];
      }

      border += part.charAt(i) == part.charAt(border) ? 1 : 0;
      borders[i + 1] = border;
    }

    return borders;
  }

  /** Where {@code text} has the part first, at {@code from} or later; -1 if it does not. */
  int first(String text, int from) {
    return borders == null ? text.indexOf(part, from) : search(text, from, borders, true);
  }

  /** Where {@code text} has the part last; -1 if it does not. */
  int last(String text) {
    return borders == null ? text.lastIndexOf(part) : search(text, 0, borders, false);
  }

  private int search(String text, int from, int[] known, boolean first) {
    int found = -1;
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && (matched == part.length() || text.charAt(i) != part.charAt(matched))) {
        matched = known[matched];
      }

      matched += text.charAt(i) == part.charAt(matched) ? 1 : 0;
      if (matched == part.length()) {
        found = i + 1 - matched;
        if (first) {
          return found;
        }
      }
    }

    return found;
  }
}
