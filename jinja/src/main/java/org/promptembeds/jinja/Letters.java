package org.promptembeds.jinja;

import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Python's changes of case. */
final class Letters {
  private Letters() {}

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The first character in title case, the others in lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }

    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.substring(0, first)) + lower(text.substring(first));
  }

  private static String titleCase(String character) {
    int title = Character.toTitleCase(character.codePointAt(0));
    String upper = upper(character);
    return upper.codePointCount(0, upper.length()) > 1
        ? upper.substring(0, 1) + lower(upper.substring(1))
        : Character.toString(title);
  }

  /** Every run of letters begins in title case. */
  static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean afterCased = false;

    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      String character = Character.toString(text.codePointAt(i));
      title.append(afterCased ? lower(character) : titleCase(character));
      afterCased = isCased(character.codePointAt(0));
    }

    return title.toString();
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static String swapCase(String text) {
    IntUnaryOperator swap =
        c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
    return text.codePoints()
        .map(swap)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Letters::isCased)
        && text.codePoints().filter(Letters::isCased).allMatch(Character::isUpperCase);
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Letters::isCased)
        && text.codePoints().filter(Letters::isCased).allMatch(Character::isLowerCase);
  }
}
