package org.promptembeds.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. */
final class Filters {
  private static final Map<String, Filter> FILTERS = filters();

  private Filters() {}

  static Filter find(String name) {
    Filter filter = FILTERS.get(name);

    if (filter == null) {
      throw new JinjaException(
          "the filter '%s' is not supported; there are %s"
              .formatted(name, String.join(", ", FILTERS.keySet().stream().sorted().toList())));
    }

    return filter;
  }

  static boolean exists(Object name) {
    return name instanceof String text && FILTERS.containsKey(text);
  }

  private static Map<String, Filter> filters() {
    Map<String, Filter> filters = new HashMap<>();
    TextFilters.addTo(filters);
    NumberFilters.addTo(filters);
    SequenceFilters.addTo(filters);
    SelectionFilters.addTo(filters);
    OrderFilters.addTo(filters);
    filters.put("default", Filters::defaultValue);
    filters.put("d", Filters::defaultValue);
    filters.put("attr", (f, value, a) -> attribute(value, a));
    filters.put("tojson", (f, value, a) -> JsonText.filter(value, a, f.budget()));
    return Map.copyOf(filters);
  }

  private static Object defaultValue(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean replaced =
        value instanceof Undefined || (bound.truth("boolean", false) && !Truth.of(value));
    return replaced ? bound.optional("default_value", "") : value;
  }

  private static Object attribute(Object value, Arguments arguments) {
    String name = arguments.bind("attr", "name").text("name");

    if (value instanceof Map<?, ?> map) {
      Object method = CollectionMethods.ofMap(map, name);
      return method == null ? Undefined.attribute(value, name) : method;
    }

    return Access.attribute(value, name);
  }
}
