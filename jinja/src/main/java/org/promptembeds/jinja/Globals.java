package org.promptembeds.jinja;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template can call. */
final class Globals {
  private Globals() {}

  static Map<String, TemplateFunction> functions(Clock clock) {
    return Map.of(
        "range", (frame, arguments) -> range(arguments),
        "dict", (frame, arguments) -> dictionary(frame, arguments),
        "namespace", (frame, arguments) -> namespace(frame, arguments),
        "cycler", (frame, arguments) -> new Cycler(List.copyOf(arguments.positional())),
        "joiner", (frame, arguments) -> joiner(arguments),
        "raise_exception", Globals::raise,
        "strftime_now", (frame, arguments) -> formatNow(frame, arguments, clock));
  }

  private static Object range(Arguments arguments) {
    List<Object> bounds = arguments.positional();

    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.keyword().isEmpty()) {
      throw new JinjaException("range() takes one, two or three integers");
    }

    for (Object bound : bounds) {
      if (bound instanceof Undefined undefined) {
        throw undefined.failure();
      }

      if (!Numbers.isInteger(bound)) {
        throw new JinjaException("range() takes integers, got " + Values.typeName(bound));
      }
    }

    long first = Numbers.toLong(bounds.get(0));
    return bounds.size() == 1
        ? new Range(0, first, 1)
        : new Range(
            first,
            Numbers.toLong(bounds.get(1)),
            bounds.size() == 3 ? Numbers.toLong(bounds.get(2)) : 1);
  }

  private static Map<Object, Object> dictionary(Frame frame, Arguments arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();

    if (arguments.positional().size() > 1) {
      throw new JinjaException("dict() takes at most one dictionary or list of pairs");
    }

    for (Object source : arguments.positional()) {
      if (source instanceof Map<?, ?> entries) {
        frame.budget().charge(entries.size());
        map.putAll(entries);
      } else {
        Iteration.elements(source, frame.budget()).forEach(pair -> putPair(map, pair));
      }
    }

    map.putAll(arguments.keyword());
    return map;
  }

  private static void putPair(Map<Object, Object> map, Object pair) {
    List<Object> elements = Iteration.elements(pair);

    if (elements.size() != 2) {
      throw new JinjaException("dict() takes pairs, got %d elements".formatted(elements.size()));
    }

    map.put(Values.key(elements.get(0)), elements.get(1));
  }

  private static Namespace namespace(Frame frame, Arguments arguments) {
    Namespace namespace = new Namespace();
    dictionary(frame, arguments)
        .forEach((name, value) -> namespace.set(PythonText.of(name, frame.budget()), value));
    return namespace;
  }

  private static TemplateFunction joiner(Arguments arguments) {
    Object separator = arguments.bind("joiner", "sep").optional("sep", ", ");

    return new TemplateFunction() {
      private boolean used;

      @Override
      public Object call(Frame frame, Arguments none) {
        Object text = used ? separator : "";
        used = true;
        return text;
      }
    };
  }

  private static Object raise(Frame frame, Arguments arguments) {
    Object message = arguments.bind("raise_exception", "message").required("message");
    throw new RaisedException(PythonText.of(message, frame.budget()));
  }

  private static String formatNow(Frame frame, Arguments arguments, Clock clock) {
    String format = arguments.bind("strftime_now", "format").text("format");
    return Strftime.format(format, clock, frame.budget());
  }

  /** Values given out in turn. */
  private static final class Cycler implements HasAttributes {
    private final List<Object> values;
    private int position;

    Cycler(List<Object> values) {
      if (values.isEmpty()) {
        throw new JinjaException("cycler() needs at least one value");
      }

      this.values = values;
    }

    @Override
    public @Nullable Object find(String name) {
      return switch (name) {
        case "current" -> values.get(position);
        case "next" -> (TemplateFunction) (frame, arguments) -> next();
        case "reset" ->
            (TemplateFunction)
                (frame, arguments) -> {
                  position = 0;
                  return None.NONE;
                };
        default -> null;
      };
    }

    private Object next() {
      Object value = values.get(position);
      position = (position + 1) % values.size();
      return value;
    }
  }
}
