package org.promptembeds.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings. */
final class TextMethods {
  /** A method: the string, the frame of the call and its arguments. */
  @FunctionalInterface
  private interface Method {
    Object call(String text, Frame frame, Arguments arguments);
  }

  private static final Map<String, Method> METHODS = methods();

  private TextMethods() {}

  /** The method bound to {@code text}, or null where strings have no such method. */
  static @Nullable TemplateFunction find(String text, String name) {
    Method method = METHODS.get(name);
    return method == null
        ? null
        : (frame, arguments) -> {
          frame.budget().read(text);
          return method.call(text, frame, arguments);
        };
  }

  private static Map<String, Method> methods() {
    Map<String, Method> methods = new HashMap<>();
    methods.put("strip", (text, f, a) -> strip("strip", text, a, f.budget()));
    methods.put("lstrip", (text, f, a) -> strip("lstrip", text, a, f.budget()));
    methods.put("rstrip", (text, f, a) -> strip("rstrip", text, a, f.budget()));
    methods.put("upper", changed("upper", Letters::upper));
    methods.put("lower", changed("lower", Letters::lower));
    methods.put("casefold", changed("casefold", Letters::lower));
    methods.put("title", changed("title", Letters::title));
    methods.put("capitalize", changed("capitalize", Letters::capitalize));
    methods.put("swapcase", changed("swapcase", Letters::swapCase));
    methods.put("split", (text, f, a) -> Splitting.split(text, a, f.budget()));
    methods.put("rsplit", (text, f, a) -> Splitting.splitFromRight(text, a, f.budget()));
    methods.put("splitlines", (text, f, a) -> Splitting.lines(text, a, f.budget()));
    methods.put("partition", (text, f, a) -> Splitting.partition(text, a, f.budget()));
    methods.put("rpartition", (text, f, a) -> Splitting.partitionFromRight(text, a, f.budget()));
    methods.put("startswith", (text, f, a) -> affix("startswith", text, a, f.budget()));
    methods.put("endswith", (text, f, a) -> affix("endswith", text, a, f.budget()));
    methods.put("removeprefix", (text, f, a) -> removePrefix(text, a));
    methods.put("removesuffix", (text, f, a) -> removeSuffix(text, a));
    methods.put("replace", TextMethods::replace);
    methods.put("find", (text, f, a) -> Searching.find("find", text, a, f.budget()));
    methods.put("rfind", (text, f, a) -> Searching.find("rfind", text, a, f.budget()));
    methods.put("index", (text, f, a) -> Searching.index("index", text, a, f.budget()));
    methods.put("rindex", (text, f, a) -> Searching.index("rindex", text, a, f.budget()));
    methods.put("count", (text, f, a) -> Searching.count(text, a, f.budget()));
    methods.put("join", TextMethods::join);
    methods.put("format", (text, f, a) -> BraceFormat.format(text, a, f.budget()));
    methods.put("zfill", TextMethods::fillZeros);
    methods.put("ljust", (text, f, a) -> pad("ljust", text, f, a));
    methods.put("rjust", (text, f, a) -> pad("rjust", text, f, a));
    methods.put("center", (text, f, a) -> pad("center", text, f, a));
    methods.put("isspace", (text, f, a) -> all(text, PythonText::isSpace));
    methods.put("isalpha", (text, f, a) -> all(text, Character::isLetter));
    methods.put("isdigit", (text, f, a) -> all(text, Character::isDigit));
    methods.put("isdecimal", (text, f, a) -> all(text, Character::isDigit));
    methods.put("isnumeric", (text, f, a) -> all(text, Character::isDigit));
    methods.put("isalnum", (text, f, a) -> all(text, Character::isLetterOrDigit));
    methods.put("isupper", (text, f, a) -> Letters.isUpper(text));
    methods.put("islower", (text, f, a) -> Letters.isLower(text));
    return Map.copyOf(methods);
  }

  /** A method without parameters that changes letters. */
  private static Method changed(String name, UnaryOperator<String> change) {
    return (text, frame, arguments) -> {
      arguments.bind(name);
      frame.budget().work(text);
      frame.budget().charge(text.length());
      return change.apply(text);
    };
  }

  private static boolean all(String text, IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }

  private static String strip(String name, String text, Arguments arguments, Budget budget) {
    budget.charge(text.length());
    Object chars = arguments.bind(name, "chars").optional("chars", None.NONE);

    if (chars == None.NONE) {
      return strip(name, text, PythonText::isSpace);
    }

    if (!(chars instanceof String set)) {
      throw new JinjaException("%s takes a string, got %s".formatted(name, Values.typeName(chars)));
    }

    budget.work(set);
    Set<Integer> stripped = set.codePoints().boxed().collect(Collectors.toSet());
    return strip(name, text, stripped::contains);
  }

  private static String strip(String name, String text, IntPredicate stripped) {
    int from = 0;
    int to = text.length();

    while (!name.equals("rstrip") && from < to && stripped.test(text.codePointAt(from))) {
      from = text.offsetByCodePoints(from, 1);
    }

    while (!name.equals("lstrip") && to > from && stripped.test(text.codePointBefore(to))) {
      to = text.offsetByCodePoints(to, -1);
    }

    return text.substring(from, to);
  }

  /** {@code trim} with the characters that the filter was given. */
  static String trim(String text, Arguments arguments, Budget budget) {
    return strip("strip", text, arguments, budget);
  }

  private static boolean affix(String name, String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(name, "affix", "start", "end");
    String part = Searching.window(text, bound, budget);
    Object affix = bound.required("affix");
    List<?> candidates = affix instanceof Tuple tuple ? tuple : List.of(affix);

    for (Object candidate : candidates) {
      if (!(candidate instanceof String end)) {
        throw new JinjaException(
            "%s takes a string or a tuple of strings, got %s"
                .formatted(name, Values.typeName(candidate)));
      }

      budget.read(end);
      budget.step();
      if (name.equals("startswith") ? part.startsWith(end) : part.endsWith(end)) {
        return true;
      }
    }

    return false;
  }

  private static String removePrefix(String text, Arguments arguments) {
    String prefix = arguments.bind("removeprefix", "prefix").text("prefix");
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String removeSuffix(String text, Arguments arguments) {
    String suffix = arguments.bind("removesuffix", "suffix").text("suffix");
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static String replace(String text, Frame frame, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    return replace(
        text, bound.text("old"), bound.text("new"), bound.integer("count", -1), frame.budget());
  }

  /** Replaces the first {@code count} occurrences, or all where it is negative. */
  static String replace(String text, String old, String by, int count, Budget budget) {
    budget.read(text);
    budget.read(old);
    TextSearch search = new TextSearch(old);
    PythonText result = new PythonText(budget);
    int position = 0;

    for (int replaced = 0; replaced != count; replaced++) {
      budget.step();
      int found = search.first(text, position);

      if (found < 0) {
        break;
      }

      int next = found + old.length();
      result.append(text.substring(position, found));
      result.append(by);

      if (old.isEmpty()) {
        if (found >= text.length()) {
          return result.toString();
        }

        next = text.offsetByCodePoints(found, 1);
        result.append(text.substring(found, next));
      }

      position = next;
    }

    result.append(text.substring(position));
    return result.toString();
  }

  private static String join(String separator, Frame frame, Arguments arguments) {
    PythonText joined = new PythonText(frame.budget());
    boolean first = true;

    for (Object part :
        Iteration.elements(
            arguments.bind("join", "iterable").required("iterable"), frame.budget())) {
      if (!(part instanceof String text)) {
        throw new JinjaException("join takes strings, got " + Values.typeName(part));
      }

      joined.append(first ? "" : separator);
      joined.append(text);
      first = false;
    }

    return joined.toString();
  }

  private static String fillZeros(String text, Frame frame, Arguments arguments) {
    int width = arguments.bind("zfill", "width").integer("width", 0);
    int missing = Math.max(0, width - (int) Iteration.length(text));
    frame.budget().charge(missing);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    int digits = signed ? 1 : 0;
    return text.substring(0, digits) + "0".repeat(missing) + text.substring(digits);
  }

  private static String pad(String name, String text, Frame frame, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "width", "fill");
    int width = bound.integer("width", 0);
    return pad(name, text, width, bound.text("fill", " "), frame.budget());
  }

  static String pad(String name, String text, int width, String fill, Budget budget) {
    int missing = Math.max(0, width - (int) Iteration.length(text));
    budget.charge(missing);
    int left =
        switch (name) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
}
