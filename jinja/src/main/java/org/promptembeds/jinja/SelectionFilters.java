package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The filters that map and choose elements: map, select, reject and their likes. Of a false value,
 * None included, they take nothing, and do not refuse it.
 */
final class SelectionFilters {
  private SelectionFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("map", SelectionFilters::map);
    filters.put("select", (f, value, a) -> select(f, value, predicate(f, a), true));
    filters.put("reject", (f, value, a) -> select(f, value, predicate(f, a), false));
    filters.put("selectattr", (f, value, a) -> select(f, value, attribute(f, a), true));
    filters.put("rejectattr", (f, value, a) -> select(f, value, attribute(f, a), false));
  }

  private static Object map(Frame frame, Object value, Arguments arguments) {
    if (!Truth.of(value)) {
      return new Generator(List.of());
    }

    Function<Object, Object> function = mapping(frame, arguments);
    List<Object> elements = Iteration.elements(value, frame.budget());
    frame.budget().charge(elements.size());
    List<Object> mapped = new ArrayList<>(elements.size());
    elements.forEach(element -> mapped.add(function.apply(element)));
    return new Generator(mapped);
  }

  private static Function<Object, Object> mapping(Frame frame, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      AttributePath path = AttributePath.of(bound.required("attribute"), frame.budget());
      Object otherwise = bound.optional("default", None.NONE);
      return otherwise == None.NONE ? path::find : value -> path.find(value, otherwise);
    }

    if (!(arguments.positional().get(0) instanceof String name)) {
      throw new JinjaException("map takes the name of a filter");
    }

    Filter filter = Filters.find(name);
    Arguments rest = arguments.dropFirst(1);
    return value -> filter.apply(frame, value, rest);
  }

  private static Predicate<Object> predicate(Frame frame, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      return Truth::of;
    }

    if (!(arguments.positional().get(0) instanceof String name)) {
      throw new JinjaException("select and reject take the name of a test");
    }

    Test test = Tests.find(name);
    Arguments rest = arguments.dropFirst(1);
    return value -> test.holds(frame, value, rest);
  }

  private static Predicate<Object> attribute(Frame frame, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw new JinjaException("selectattr and rejectattr take the name of an attribute");
    }

    AttributePath path = AttributePath.of(arguments.positional().get(0), frame.budget());
    Predicate<Object> predicate = predicate(frame, arguments.dropFirst(1));
    return value -> predicate.test(path.find(value));
  }

  private static Object select(
      Frame frame, Object value, Predicate<Object> predicate, boolean wanted) {
    if (!Truth.of(value)) {
      return new Generator(List.of());
    }

    List<Object> chosen = new ArrayList<>();

    for (Object element : Iteration.elements(value, frame.budget())) {
      frame.budget().charge(1);

      if (predicate.test(element) == wanted) {
        chosen.add(element);
      }
    }

    return new Generator(chosen);
  }
}
