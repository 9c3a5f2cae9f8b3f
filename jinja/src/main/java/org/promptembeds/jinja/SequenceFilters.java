package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The filters that take sequences apart and put them together. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("list", (f, value, a) -> list(f, value));
    filters.put("join", SequenceFilters::join);
    filters.put("first", (f, value, a) -> first(f, value));
    filters.put("last", (f, value, a) -> last(f, value));
    filters.put("reverse", SequenceFilters::reverse);
    filters.put("items", (f, value, a) -> items(value));
    filters.put("batch", SequenceFilters::batch);
    filters.put("slice", SequenceFilters::slice);
  }

  private static List<Object> list(Frame frame, Object value) {
    List<Object> elements = Iteration.elements(value, frame.budget());
    frame.budget().charge(elements.size());
    return new ArrayList<>(elements);
  }

  private static Object join(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    String separator = TextFilters.text(bound.optional("d", ""), frame);
    AttributePath path = AttributePath.of(bound.optional("attribute", None.NONE), frame.budget());
    PythonText joined = new PythonText(frame.budget());
    boolean first = true;

    for (Object element : Iteration.elements(value, frame.budget())) {
      joined.append(first ? "" : separator);
      joined.appendString(path.find(element));
      first = false;
    }

    return joined.toString();
  }

  private static Object first(Frame frame, Object value) {
    Undefined none = new Undefined("there is no first item: the sequence is empty");

    if (value instanceof Generator generator) {
      return generator.takeFirst(none);
    }

    List<Object> elements = Iteration.elements(value, frame.budget());
    return elements.isEmpty() ? none : elements.get(0);
  }

  private static Object last(Frame frame, Object value) {
    if (value instanceof Generator) {
      throw new JinjaException("last takes a sequence; make it a list first");
    }

    List<Object> elements = Iteration.elements(value, frame.budget());
    return elements.isEmpty()
        ? new Undefined("there is no last item: the sequence is empty")
        : elements.get(elements.size() - 1);
  }

  private static Object reverse(Frame frame, Object value, Arguments arguments) {
    List<Object> reversed = list(frame, value);
    Collections.reverse(reversed);

    if (!(value instanceof String)) {
      return new Generator(reversed);
    }

    StringBuilder text = new StringBuilder();
    reversed.forEach(text::append);
    return text.toString();
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return new Generator(List.of());
    }

    if (value instanceof Map<?, ?> map) {
      return new Generator(DictView.pairs(map));
    }

    throw new JinjaException("items takes a dictionary, got " + Values.typeName(value));
  }

  private static Object batch(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    int size = positive(bound, "linecount");
    Object fill = bound.optional("fill_with", None.NONE);
    List<Object> elements = list(frame, value);
    List<Object> batches = new ArrayList<>();

    for (int from = 0; from < elements.size(); from += size) {
      int to = (int) Math.min(elements.size(), (long) from + size);
      List<Object> batch = new ArrayList<>(elements.subList(from, to));
      frame.budget().charge(fill == None.NONE ? 0 : size - batch.size());

      while (fill != None.NONE && batch.size() < size) {
        batch.add(fill);
      }

      batches.add(batch);

      if (to == elements.size()) {
        break;
      }
    }

    return new Generator(batches);
  }

  private static Object slice(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    int slices = positive(bound, "slices");
    Object fill = bound.optional("fill_with", None.NONE);
    List<Object> elements = list(frame, value);
    frame.budget().charge(slices);
    int each = elements.size() / slices;
    int longer = elements.size() % slices;
    List<Object> result = new ArrayList<>();

    for (int i = 0; i < slices; i++) {
      int from = i * each + Math.min(i, longer);
      int to = from + each + (i < longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(elements.subList(from, to));

      if (fill != None.NONE && i >= longer) {
        slice.add(fill);
      }

      result.add(slice);
    }

    return new Generator(result);
  }

  private static int positive(Arguments.Bound bound, String parameter) {
    bound.required(parameter);
    int size = bound.integer(parameter, 1);

    if (size < 1 || size > 1_000_000) {
      throw new JinjaException(
          "%s takes a '%s' between 1 and 1,000,000, got %d"
              .formatted(bound.function(), parameter, size));
    }

    return size;
  }
}
