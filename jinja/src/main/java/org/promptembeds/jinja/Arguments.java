package org.promptembeds.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values a filter, test, method or macro is called with.
 *
 * @param positional in order
 * @param keyword by name, in order
 */
record Arguments(List<Object> positional, Map<String, Object> keyword) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... values) {
    return new Arguments(List.of(values), Map.of());
  }

  /** All but the first {@code count} positional arguments. */
  Arguments dropFirst(int count) {
    return new Arguments(positional.subList(count, positional.size()), keyword);
  }

  /**
   * The values by parameter name.
   *
   * @throws JinjaException where a value has no parameter or a parameter two values
   */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new JinjaException(
          "%s takes at most %d arguments, got %d"
              .formatted(function, parameters.length, positional.size()));
    }

    Map<String, Object> values = new HashMap<>();

    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters[i], positional.get(i));
    }

    List<String> known = List.of(parameters);
    keyword.forEach(
        (name, value) -> {
          if (!known.contains(name) || values.putIfAbsent(name, value) != null) {
            throw new JinjaException("%s has no use for argument '%s'".formatted(function, name));
          }
        });
    return new Bound(function, values);
  }

  /** Values by the names of their parameters. */
  record Bound(String function, Map<String, Object> values) {
    Object required(String parameter) {
      Object value = values.get(parameter);

      if (value == null) {
        throw new JinjaException("%s needs argument '%s'".formatted(function, parameter));
      }

      return value;
    }

    Object optional(String parameter, Object otherwise) {
      return values.getOrDefault(parameter, otherwise);
    }

    boolean has(String parameter) {
      return values.containsKey(parameter);
    }

    /** A text argument. */
    String text(String parameter) {
      return asText(parameter, required(parameter));
    }

    String text(String parameter, String otherwise) {
      return asText(parameter, optional(parameter, otherwise));
    }

    private String asText(String parameter, Object value) {
      if (value instanceof String text) {
        return text;
      }

      throw new JinjaException(
          "%s takes a string as '%s', got %s"
              .formatted(function, parameter, Values.typeName(value)));
    }

    /** An integer argument within the range of Java's int. */
    int integer(String parameter, int otherwise) {
      Object value = optional(parameter, (long) otherwise);

      if (Numbers.isInteger(value)) {
        return (int)
            Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Numbers.toLong(value)));
      }

      throw new JinjaException(
          "%s takes an integer as '%s', got %s"
              .formatted(function, parameter, Values.typeName(value)));
    }

    boolean truth(String parameter, boolean otherwise) {
      return Truth.of(optional(parameter, otherwise));
    }
  }
}
