package org.promptembeds.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template: {@link None}, {@code Boolean}, {@code Long}, {@code Double}, {@code
 * String}, {@code List}, {@link Tuple}, {@code Map}, and the interpreter's own types.
 */
final class Values {
  private Values() {}

  /**
   * The template's value for a Java value: strings, booleans, numbers, maps, collections, arrays
   * and null; nothing else comes in, so that a template cannot reach an object of the program.
   */
  static Object of(@Nullable Object value) {
    if (value == null) {
      return None.NONE;
    }

    if (value instanceof CharSequence || value instanceof Character) {
      return value.toString();
    }

    if (value instanceof Boolean || value instanceof TemplateFunction) {
      return value;
    }

    if (value instanceof Number number) {
      return number(number);
    }

    if (value instanceof Map<?, ?> map) {
      return map(map);
    }

    if (value instanceof Collection<?> elements) {
      return list(elements);
    }

    if (value instanceof Object[] elements) {
      return list(Arrays.asList(elements));
    }

    throw new JinjaException(
        "a template takes text, numbers, booleans, lists and maps, not "
            + value.getClass().getName());
  }

  private static Object number(Number number) {
    if (number instanceof Float || number instanceof Double || number instanceof BigDecimal) {
      return number.doubleValue();
    }

    if (number instanceof BigInteger integer && integer.bitLength() > 63) {
      throw new JinjaException("the integer %s does not fit 64 bits".formatted(integer));
    }

    return number.longValue();
  }

  private static List<Object> list(Collection<?> elements) {
    List<Object> list = new ArrayList<>(elements.size());
    elements.forEach(element -> list.add(of(element)));
    return list;
  }

  private static Map<Object, Object> map(Map<?, ?> map) {
    Map<Object, Object> result = new LinkedHashMap<>();
    map.forEach((key, value) -> result.put(key(of(key)), of(value)));
    return result;
  }

  /** {@code value} as the key of a dictionary; equal numbers are one key. */
  static Object key(Object value) {
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return number.longValue();
    }

    if (value instanceof String
        || value instanceof Long
        || value instanceof Boolean
        || value instanceof Double
        || value == None.NONE) {
      return value;
    }

    throw new JinjaException(
        "a dictionary takes text, numbers, booleans and None as keys, not " + typeName(value));
  }

  static boolean isString(Object value) {
    return value instanceof String;
  }

  /** The type of a value in Python's words. */
  static String typeName(Object value) {
    if (value instanceof None) {
      return "None";
    }

    if (value instanceof String) {
      return "a string";
    }

    if (value instanceof Boolean) {
      return "a boolean";
    }

    if (value instanceof Long) {
      return "an integer";
    }

    if (value instanceof Double) {
      return "a float";
    }

    if (value instanceof Map) {
      return "a dictionary";
    }

    if (value instanceof Tuple) {
      return "a tuple";
    }

    if (value instanceof List) {
      return "a list";
    }

    if (value instanceof Undefined) {
      return "an undefined value";
    }

    if (value instanceof Namespace) {
      return "a namespace";
    }

    return value instanceof TemplateFunction ? "a function" : "a sequence without subscripts";
  }
}
