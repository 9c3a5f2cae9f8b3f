package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The filters that compare elements with one another. */
final class OrderFilters {
  private static final List<String> GROUP = List.of("grouper", "list");

  private OrderFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("sort", OrderFilters::sort);
    filters.put("dictsort", OrderFilters::sortDictionary);
    filters.put("unique", OrderFilters::unique);
    filters.put("groupby", OrderFilters::group);
    filters.put("min", (f, value, a) -> extreme("min", f, value, a));
    filters.put("max", (f, value, a) -> extreme("max", f, value, a));
  }

  /** What an element is compared by: its attributes, strings in lower case unless told. */
  private static Function<Object, Object> key(Arguments.Bound bound, Frame frame) {
    boolean exact = bound.truth("case_sensitive", false);
    AttributePath path = AttributePath.of(bound.optional("attribute", None.NONE), frame.budget());
    return element -> fold(path.find(element), exact, frame);
  }

  private static Object fold(Object value, boolean exact, Frame frame) {
    if (exact || !(value instanceof String text)) {
      return value;
    }

    frame.budget().work(text);
    return Letters.lower(text);
  }

  private static Comparator<Object> order(Function<Object, Object> key, Frame frame) {
    return (a, b) -> Comparison.compare(key.apply(a), key.apply(b), "<", frame.budget());
  }

  private static List<Object> copy(Frame frame, Object value) {
    List<Object> elements = Iteration.elements(value, frame.budget());
    frame.budget().charge(elements.size());
    return new ArrayList<>(elements);
  }

  private static Object sort(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    List<Object> sorted = copy(frame, value);
    Comparator<Object> order = order(sortKey(bound, frame), frame);
    sorted.sort(bound.truth("reverse", false) ? order.reversed() : order);
    return sorted;
  }

  /** Like {@link #key}, for several attributes with commas between them. */
  private static Function<Object, Object> sortKey(Arguments.Bound bound, Frame frame) {
    if (!(bound.optional("attribute", None.NONE) instanceof String attributes)) {
      return key(bound, frame);
    }

    boolean exact = bound.truth("case_sensitive", false);
    List<AttributePath> paths = new ArrayList<>();

    for (String attribute : attributes.split(",", -1)) {
      paths.add(AttributePath.of(attribute, frame.budget()));
    }

    return element -> {
      List<Object> keys = new ArrayList<>();
      paths.forEach(path -> keys.add(fold(path.find(element), exact, frame)));
      return keys;
    };
  }

  private static Object sortDictionary(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    boolean exact = bound.truth("case_sensitive", false);
    String by = bound.text("by", "key");

    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaException("dictsort takes a dictionary, got " + Values.typeName(value));
    }

    if (!by.equals("key") && !by.equals("value")) {
      throw new JinjaException("dictsort sorts by 'key' or 'value', not by '" + by + "'");
    }

    int place = by.equals("key") ? 0 : 1;
    List<Object> pairs = copy(frame, DictView.pairs(map));
    Comparator<Object> order = order(pair -> fold(((Tuple) pair).get(place), exact, frame), frame);
    pairs.sort(bound.truth("reverse", false) ? order.reversed() : order);
    return pairs;
  }

  private static Object unique(Frame frame, Object value, Arguments arguments) {
    Function<Object, Object> key =
        key(arguments.bind("unique", "case_sensitive", "attribute"), frame);
    List<Object> seen = new ArrayList<>();
    List<Object> unique = new ArrayList<>();

    for (Object element : Iteration.elements(value, frame.budget())) {
      Object candidate = key.apply(element);

      if (!Comparison.contains(seen, candidate, frame.budget())) {
        seen.add(candidate);
        unique.add(element);
      }
    }

    return new Generator(unique);
  }

  private static Object group(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    boolean exact = bound.truth("case_sensitive", false);
    AttributePath path = AttributePath.of(bound.required("attribute"), frame.budget());
    Object otherwise = bound.optional("default", None.NONE);
    Function<Object, Object> key =
        element -> otherwise == None.NONE ? path.find(element) : path.find(element, otherwise);
    Function<Object, Object> folded = element -> fold(key.apply(element), exact, frame);
    List<Object> sorted = copy(frame, value);
    sorted.sort(order(folded, frame));
    List<Object> groups = new ArrayList<>();
    List<Object> members = new ArrayList<>();

    for (Object element : sorted) {
      boolean begins =
          members.isEmpty()
              || !Comparison.equal(
                  folded.apply(members.get(0)), folded.apply(element), frame.budget());

      if (begins) {
        members = new ArrayList<>();
        groups.add(new Tuple(List.of(key.apply(element), members), GROUP));
      }

      members.add(element);
    }

    return groups;
  }

  private static Object extreme(String name, Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "case_sensitive", "attribute");
    Comparator<Object> order = order(key(bound, frame), frame);
    List<Object> elements = Iteration.elements(value, frame.budget());

    if (elements.isEmpty()) {
      return new Undefined("there is no %s: the sequence is empty".formatted(name));
    }

    Object extreme = elements.get(0);

    for (Object element : elements) {
      int comparison = order.compare(element, extreme);
      extreme = (name.equals("min") ? comparison < 0 : comparison > 0) ? element : extreme;
    }

    return extreme;
  }
}
