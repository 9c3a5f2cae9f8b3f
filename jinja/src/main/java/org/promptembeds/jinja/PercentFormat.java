package org.promptembeds.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code '...' % values}, for the conversions s, r, d, i, f, e, g, x, o and %. */
final class PercentFormat {
  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?:\\((?<key>[^)]*)\\))?(?<flags>[-+ 0#]*)(?<width>\\d{0,4})"
              + "(?:\\.(?<precision>\\d{0,4}))?(?<type>.)?",
          Pattern.DOTALL);

  private PercentFormat() {}

  static String format(String format, Object values, Budget budget) {
    List<Object> list = values instanceof Tuple tuple ? tuple : List.of(values);
    Iterator<Object> rest = list.iterator();
    PythonText text = new PythonText(budget);
    Matcher matcher = CONVERSION.matcher(format);
    int position = 0;

    while (matcher.find()) {
      text.append(format.substring(position, matcher.start()));
      position = matcher.end();

      if ("%".equals(matcher.group("type"))) {
        text.append("%");
      } else {
        text.append(converted(matcher, value(matcher.group("key"), values, rest), budget));
      }
    }

    if (rest.hasNext() && !(values instanceof Map)) {
      throw new JinjaException("the format '%s' has no place for every value".formatted(format));
    }

    text.append(format.substring(position));
    return text.toString();
  }

  private static Object value(@Nullable String key, Object values, Iterator<Object> rest) {
    if (key != null) {
      Object value = values instanceof Map<?, ?> map ? map.get(key) : null;

      if (value == null) {
        throw new JinjaException("the format has no value for '%s'".formatted(key));
      }

      return value;
    }

    if (!rest.hasNext()) {
      throw new JinjaException("the format has more places than values");
    }

    return rest.next();
  }

  private static String converted(Matcher conversion, Object value, Budget budget) {
    String type = String.valueOf(conversion.group("type"));
    String flags = conversion.group("flags");
    String precision = conversion.group("precision");
    String text;

    switch (type) {
      case "s" -> text = cut(PythonText.of(value, budget), precision);
      case "r" -> {
        PythonText repr = new PythonText(budget);
        repr.appendRepr(value);
        text = cut(repr.toString(), precision);
      }
      case "d", "i", "x", "X", "o" -> text = integer(type, value);
      case "f", "F", "e", "E" -> text = floating(type, value, precision);
      default -> throw new JinjaException("the conversion '%%%s' is not supported".formatted(type));
    }

    boolean numeric = !type.equals("s") && !type.equals("r");
    return padded(signed(text, flags, numeric), flags, conversion.group("width"), numeric, budget);
  }

  private static String cut(String text, @Nullable String precision) {
    if (precision == null) {
      return text;
    }

    int limit = precision.isEmpty() ? 0 : Integer.parseInt(precision);
    int length = text.codePointCount(0, text.length());
    return limit >= length ? text : text.substring(0, text.offsetByCodePoints(0, limit));
  }

  private static String integer(String type, Object value) {
    if (!Numbers.isNumber(value)) {
      throw new JinjaException(
          "the conversion '%%%s' takes a number, got %s".formatted(type, Values.typeName(value)));
    }

    long number = value instanceof Double real ? (long) (double) real : Numbers.toLong(value);
    String sign = number < 0 ? "-" : "";
    long magnitude = Math.abs(number);
    return switch (type) {
      case "x" -> sign + Long.toHexString(magnitude);
      case "X" -> sign + Long.toHexString(magnitude).toUpperCase(Locale.ROOT);
      case "o" -> sign + Long.toOctalString(magnitude);
      default -> Long.toString(number);
    };
  }

  private static String floating(String type, Object value, @Nullable String precision) {
    if (!Numbers.isNumber(value)) {
      throw new JinjaException(
          "the conversion '%%%s' takes a number, got %s".formatted(type, Values.typeName(value)));
    }

    int digits = precision == null ? 6 : precision.isEmpty() ? 0 : Integer.parseInt(precision);
    return Decimals.fixed(Numbers.toDouble(value), digits, type);
  }

  private static String signed(String text, String flags, boolean numeric) {
    if (!numeric || text.startsWith("-")) {
      return text;
    }

    return (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + text;
  }

  private static String padded(
      String text, String flags, String width, boolean numeric, Budget budget) {
    int columns = width.isEmpty() ? 0 : Integer.parseInt(width);

    if (flags.contains("-")) {
      return TextMethods.pad("ljust", text, columns, " ", budget);
    }

    if (flags.contains("0") && numeric) {
      int missing = Math.max(0, columns - text.length());
      int digits = text.isEmpty() || Character.isDigit(text.charAt(0)) ? 0 : 1;
      return text.substring(0, digits) + "0".repeat(missing) + text.substring(digits);
    }

    return TextMethods.pad("rjust", text, columns, " ", budget);
  }
}
