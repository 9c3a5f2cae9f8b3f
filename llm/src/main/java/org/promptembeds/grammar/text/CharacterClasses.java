package org.promptembeds.grammar.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.automaton.GrammarException;

/** The classes of characters that a regular expression names: {@code \d}, {@code \p{Lu}}, … */
final class CharacterClasses {
  private static final CodePoints NEWLINES = CodePoints.of("\n\r\u2028\u2029");
  private static final CodePoints SPACES =
      CodePoints.of("\t\n\u000b\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff")
          .add(0x2000, 0x200a);
  private static final Map<String, Integer> CATEGORIES = categories();
  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "letter",
          "L",
          "mark",
          "M",
          "number",
          "N",
          "punctuation",
          "P",
          "symbol",
          "S",
          "separator",
          "Z",
          "other",
          "C",
          "digit",
          "Nd");

  private CharacterClasses() {}

  /** What {@code .} stands for. */
  static CodePoints any() {
    return NEWLINES.complement();
  }

  /** The class of an escape such as {@code d}; null if the letter names none. */
  static @Nullable CodePoints of(int letter) {
    return switch (letter) {
      case 'd' -> CodePoints.range('0', '9');
      case 'D' -> CodePoints.range('0', '9').complement();
      case 'w' -> word();
      case 'W' -> word().complement();
      case 's' -> CodePoints.all().remove(SPACES.complement());
      case 'S' -> SPACES.complement();
      default -> null;
    };
  }

  private static CodePoints word() {
    return CodePoints.range('0', '9').add('A', 'Z').add('_', '_').add('a', 'z');
  }

  /**
   * The class of a Unicode property.
   *
   * @throws GrammarException if it is not a general category
   */
  static CodePoints property(String name) {
    String value = name.replaceFirst("^(General_Category|gc)=", "");
    String category = LONG_NAMES.getOrDefault(value.toLowerCase(Locale.ROOT), value);
    if (category.equals("ASCII")) {
      return CodePoints.range(0, 0x7f);
    }

    if (category.equals("Any")) {
      return CodePoints.all();
    }

    int categories = CATEGORIES.getOrDefault(category, 0);
    if (categories == 0) {
      throw new GrammarException(
          "\\p{%s} is not supported: name a general category such as L, Lu or Nd".formatted(name));
    }

    return matching(c -> (categories >>> Character.getType(c) & 1) != 0);
  }

  private static CodePoints matching(IntPredicate predicate) {
    CodePoints set = new CodePoints();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (predicate.test(c)) {
        set.add(c, c);
      }
    }

    return set;
  }

  private static Map<String, Integer> categories() {
    String[] names = {
      "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp",
      "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
    };
    Map<String, Integer> categories = new HashMap<>();
    for (int type = 0; type < names.length; type++) {
      if (!names[type].isEmpty()) {
        int bit = 1 << type; // types of java.lang.Character are numbered so, up to 30
        categories.put(names[type], bit);
        categories.merge(names[type].substring(0, 1), bit, (a, b) -> a | b);
      }
    }

    return categories;
  }
}
