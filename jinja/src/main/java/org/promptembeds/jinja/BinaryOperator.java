package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's binary arithmetic operators on any values. */
final class BinaryOperator {
  private BinaryOperator() {}

  static Object apply(String operator, Object left, Object right, Frame frame) {
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (left instanceof String text && operator.equals("%")) {
      return PercentFormat.format(text, right, frame.budget());
    }

    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.apply(operator, left, right);
    }

    if (operator.equals("+")) {
      return add(left, right, frame.budget());
    }

    if (operator.equals("*")) {
      if (Numbers.isInteger(right)) {
        return repeat(left, Numbers.toLong(right), right, frame.budget());
      }

      if (Numbers.isInteger(left)) {
        return repeat(right, Numbers.toLong(left), left, frame.budget());
      }
    }

    throw unsupported(operator, left, right);
  }

  private static Object add(Object left, Object right, Budget budget) {
    if (left instanceof String a && right instanceof String b) {
      budget.charge((long) a.length() + b.length());
      return a + b;
    }

    if (left instanceof Tuple a && right instanceof Tuple b) {
      return new Tuple(joined(a, b, budget));
    }

    if (isList(left) && isList(right)) {
      return joined((List<?>) left, (List<?>) right, budget);
    }

    throw unsupported("+", left, right);
  }

  private static List<Object> joined(List<?> a, List<?> b, Budget budget) {
    budget.charge((long) a.size() + b.size());
    List<Object> joined = new ArrayList<>(a);
    joined.addAll(b);
    return joined;
  }

  private static Object repeat(Object value, long count, Object counted, Budget budget) {
    int times = (int) Math.max(0, Math.min(Integer.MAX_VALUE, count));

    if (value instanceof String text) {
      budget.charge((long) text.length() * times);
      return text.repeat(times);
    }

    if (value instanceof Tuple tuple) {
      return new Tuple(repeated(tuple, times, budget));
    }

    if (isList(value)) {
      return repeated((List<?>) value, times, budget);
    }

    throw unsupported("*", value, counted);
  }

  private static List<Object> repeated(List<?> list, int times, Budget budget) {
    budget.charge((long) list.size() * times);
    List<Object> repeated = new ArrayList<>(list.size() * times);

    for (int i = 0; i < times && !list.isEmpty(); i++) {
      repeated.addAll(list);
    }

    return repeated;
  }

  static boolean isList(Object value) {
    return value instanceof List && !(value instanceof Tuple) && !(value instanceof Range);
  }

  private static JinjaException unsupported(String operator, Object left, Object right) {
    return new JinjaException(
        "'%s' has no meaning between %s and %s"
            .formatted(operator, Values.typeName(left), Values.typeName(right)));
  }
}
