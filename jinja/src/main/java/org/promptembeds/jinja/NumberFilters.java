package org.promptembeds.jinja;

import java.math.RoundingMode;
import java.util.Map;

/** The filters that make numbers. */
final class NumberFilters {
  private NumberFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("abs", (f, value, a) -> absolute(value));
    filters.put("int", (f, value, a) -> integer(value, a));
    filters.put("float", (f, value, a) -> floating(value, a));
    filters.put("round", (f, value, a) -> round(value, a));
    filters.put("length", (f, value, a) -> Iteration.length(value));
    filters.put("count", (f, value, a) -> Iteration.length(value));
    filters.put("sum", NumberFilters::sum);
  }

  private static void requireDefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
  }

  private static Object absolute(Object value) {
    if (Numbers.isInteger(value)) {
      return Math.abs(Numbers.toLong(value));
    }

    if (value instanceof Double number) {
      return Math.abs(number);
    }

    requireDefined(value);
    throw new JinjaException("abs takes a number, got " + Values.typeName(value));
  }

  private static Object integer(Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Object otherwise = bound.optional("default", 0L);
    requireDefined(value);

    if (Numbers.isInteger(value)) {
      return Numbers.toLong(value);
    }

    if (value instanceof Double number) {
      return truncated(number, otherwise);
    }

    if (!(value instanceof String text)) {
      return otherwise;
    }

    String digits = digits(text);

    try {
      return Long.parseLong(digits, bound.integer("base", 10));
    } catch (NumberFormatException e) {
      return truncated(parse(digits), otherwise);
    }
  }

  private static Object truncated(double number, Object otherwise) {
    return Double.isNaN(number) || Math.abs(number) >= 0x1p63 ? otherwise : (Object) (long) number;
  }

  private static String digits(String text) {
    String stripped = PythonText.stripLeft(PythonText.stripRight(text));
    return stripped.matches("[^_]+(_[^_]+)*") ? stripped.replace("_", "") : stripped;
  }

  /** The number in {@code text}, or NaN. */
  private static double parse(String text) {
    if (text.matches("(?i)[+-]?inf(inity)?")) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    boolean decimal = text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    return decimal ? Double.parseDouble(text) : Double.NaN;
  }

  private static Object floating(Object value, Arguments arguments) {
    Object otherwise = arguments.bind("float", "default").optional("default", 0.0);
    requireDefined(value);

    if (Numbers.isNumber(value)) {
      return Numbers.toDouble(value);
    }

    if (!(value instanceof String text)) {
      return otherwise;
    }

    double number = parse(digits(text));
    return Double.isNaN(number) && !text.strip().equalsIgnoreCase("nan") ? otherwise : number;
  }

  private static Object round(Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    int precision = bound.integer("precision", 0);
    requireDefined(value);

    if (!Numbers.isNumber(value)) {
      throw new JinjaException("round takes a number, got " + Values.typeName(value));
    }

    String method = bound.text("method", "common");

    return switch (method) {
      case "common" ->
          Numbers.isInteger(value) && precision >= 0
              ? (Object) Numbers.toLong(value)
              : (Object) Decimals.round(Numbers.toDouble(value), precision, RoundingMode.HALF_EVEN);
      case "ceil", "floor" -> {
        double scale = Math.pow(10, precision);
        double scaled = Numbers.toDouble(value) * scale;
        yield (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
      }
      default ->
          throw new JinjaException(
              "round takes 'common', 'ceil' or 'floor' as its method, got '" + method + "'");
    };
  }

  private static Object sum(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    AttributePath path = AttributePath.of(bound.optional("attribute", None.NONE), frame.budget());
    Object sum = bound.optional("start", 0L);

    for (Object element : Iteration.elements(value, frame.budget())) {
      sum = BinaryOperator.apply("+", sum, path.find(element), frame);
    }

    return sum;
  }
}
