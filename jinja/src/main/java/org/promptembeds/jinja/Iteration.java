package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's iteration and length. */
final class Iteration {
  private Iteration() {}

  /**
   * What a loop over {@code value} visits, at the cost of a step each: elements, characters of a
   * string or keys of a dictionary. The list is not to be modified.
   */
  static List<Object> elements(Object value, Budget budget) {
    if (value instanceof String text) {
      budget.charge(text.length());
    }

    List<Object> elements = elements(value);
    budget.steps(elements.size());
    return elements;
  }

  /** The same at no cost, for callers who know that there are few or have paid. */
  static List<Object> elements(Object value) {
    List<Object> elements = find(value);

    if (elements == null) {
      throw new JinjaException("%s cannot be looped over".formatted(Values.typeName(value)));
    }

    return elements;
  }

  @SuppressWarnings("unchecked") // every List of the interpreter is a List<Object>
  private static @Nullable List<Object> find(Object value) {
    if (value instanceof List<?> list) {
      return (List<Object>) list;
    }

    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }

    if (value instanceof String text) {
      return characters(text);
    }

    if (value instanceof DictView view) {
      return view.elements();
    }

    if (value instanceof Generator generator) {
      return generator.take();
    }

    return value instanceof Undefined ? List.of() : null;
  }

  private static List<Object> characters(String text) {
    List<Object> characters = new ArrayList<>(text.length());
    text.codePoints().forEach(c -> characters.add(Character.toString(c)));
    return characters;
  }

  static boolean isIterable(Object value) {
    return value instanceof List
        || value instanceof Map
        || value instanceof String
        || value instanceof DictView
        || value instanceof Generator
        || value instanceof Undefined;
  }

  /** Python's {@code len}: characters are code points. */
  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    }

    if (value instanceof Generator || !isIterable(value)) {
      throw new JinjaException("%s has no length".formatted(Values.typeName(value)));
    }

    return value instanceof Map<?, ?> map ? map.size() : elements(value).size();
  }
}
