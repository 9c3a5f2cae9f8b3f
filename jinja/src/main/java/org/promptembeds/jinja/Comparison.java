package org.promptembeds.jinja;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Python's equality, order and membership. */
final class Comparison {
  private Comparison() {}

  static boolean equal(Object left, Object right, Budget budget) {
    budget.step();

    if (left == right) {
      return true;
    }

    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return compareNumbers(left, right) == 0 && !isNan(left) && !isNan(right);
    }

    if (left instanceof List<?> a && right instanceof List<?> b) {
      return kind(left) == kind(right) && equalLists(a, b, budget);
    }

    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return equalMaps(a, b, budget);
    }

    return (left instanceof Undefined && right instanceof Undefined)
        || (left instanceof String a && right instanceof String b && equalText(a, b, budget));
  }

  private static boolean equalText(String a, String b, Budget budget) {
    if (a.length() == b.length()) {
      budget.read(a);
    }

    return a.equals(b);
  }

  private static Class<?> kind(Object list) {
    return BinaryOperator.isList(list) ? List.class : list.getClass();
  }

  private static boolean equalLists(List<?> a, List<?> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }

    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), budget)) {
        return false;
      }
    }

    return true;
  }

  private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }

    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object other = b.get(entry.getKey());

      if (other == null || !equal(entry.getValue(), other, budget)) {
        return false;
      }
    }

    return true;
  }

  /** Negative, zero or positive as {@code left} is before, at or after {@code right}. */
  static int compare(Object left, Object right, String operator, Budget budget) {
    budget.step();

    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return compareNumbers(left, right);
    }

    if (left instanceof String a && right instanceof String b) {
      budget.read(a.length() < b.length() ? a : b);
      return compareText(a, b);
    }

    if (left instanceof List<?> a && right instanceof List<?> b && kind(left) == kind(right)) {
      return compareLists(a, b, operator, budget);
    }

    throw new JinjaException(
        "'%s' has no meaning between %s and %s"
            .formatted(operator, Values.typeName(left), Values.typeName(right)));
  }

  private static int compareLists(List<?> a, List<?> b, String operator, Budget budget) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i), budget)) {
        return compare(a.get(i), b.get(i), operator, budget);
      }
    }

    return Integer.compare(a.size(), b.size());
  }

  private static int compareNumbers(Object left, Object right) {
    if (Numbers.isInteger(left) && Numbers.isInteger(right)) {
      return Long.compare(Numbers.toLong(left), Numbers.toLong(right));
    }

    double a = Numbers.toDouble(left);
    double b = Numbers.toDouble(right);

    if (Double.isInfinite(a) || Double.isInfinite(b) || isNan(left) || isNan(right)) {
      return Double.compare(a, b);
    }

    return decimal(left).compareTo(decimal(right));
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof Double value
        ? new BigDecimal(value)
        : BigDecimal.valueOf(Numbers.toLong(number));
  }

  private static boolean isNan(Object number) {
    return number instanceof Double value && value.isNaN();
  }

  /** Order of two strings by code points, as Python's. */
  static int compareText(String a, String b) {
    int length = Math.min(a.length(), b.length());

    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);

      if (x != y) {
        boolean differ = Character.isSurrogate(x) != Character.isSurrogate(y);
        return differ ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }

    return Integer.compare(a.length(), b.length());
  }

  /** Python's {@code element in container}. */
  static boolean contains(Object container, Object element, Budget budget) {
    if (container instanceof String text) {
      if (element instanceof String part) {
        budget.read(text);
        budget.read(part);
        return new TextSearch(part).first(text, 0) >= 0;
      }

      throw new JinjaException(
          "'in' of a string takes a string to its left, got " + Values.typeName(element));
    }

    if (container instanceof Map<?, ?> map) {
      if (element instanceof String key) {
        budget.read(key);
      }

      return map.containsKey(Values.key(element));
    }

    for (Object candidate : Iteration.elements(container, budget)) {
      if (equal(candidate, element, budget)) {
        return true;
      }
    }

    return false;
  }
}
