package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The {@code loop} variable. Elements are taken when they are needed and no earlier, so that the
 * condition of a loop sees what the body has changed so far.
 */
final class Loop implements HasAttributes, TemplateFunction {
  private Iterator<Object> elements;
  private final int depth;
  private final @Nullable BiFunction<Object, Integer, String> recursion;
  private @Nullable Object previous;
  private @Nullable Object current;
  private @Nullable Object ahead;
  private long index = -1;
  private long length = -1;
  private @Nullable Object lastChanged;

  /**
   * @param depth how many recursive loops are around this one
   * @param recursion renders the loop for other elements; null where it is not recursive
   */
  Loop(
      Iterator<Object> elements,
      int depth,
      @Nullable BiFunction<Object, Integer, String> recursion) {
    this.elements = elements;
    this.depth = depth;
    this.recursion = recursion;
  }

  boolean hasNext() {
    return ahead != null || elements.hasNext();
  }

  Object next() {
    Object next = ahead != null ? ahead : elements.next();
    ahead = null;
    previous = current;
    current = next;
    index++;
    return next;
  }

  private @Nullable Object peek() {
    if (ahead == null && elements.hasNext()) {
      ahead = elements.next();
    }

    return ahead;
  }

  private long length() {
    if (length < 0) {
      List<Object> rest = new ArrayList<>();
      elements.forEachRemaining(rest::add);
      elements = rest.iterator();
      length = index + 1 + (ahead == null ? 0 : 1) + rest.size();
    }

    return length;
  }

  @Override
  public @Nullable Object find(String name) {
    return switch (name) {
      case "index" -> index + 1;
      case "index0" -> index;
      case "revindex" -> length() - index;
      case "revindex0" -> length() - index - 1;
      case "first" -> index == 0;
      case "last" -> peek() == null;
      case "length" -> length();
      case "depth" -> (long) depth + 1;
      case "depth0" -> (long) depth;
      case "previtem" -> previous == null ? new Undefined("there is no previous item") : previous;
      case "nextitem" -> {
        Object next = peek();
        yield next == null ? new Undefined("there is no next item") : next;
      }
      case "cycle" -> (TemplateFunction) (frame, arguments) -> cycle(arguments);
      case "changed" -> (TemplateFunction) this::changed;
      default -> null;
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> values = arguments.positional();

    if (values.isEmpty()) {
      throw new JinjaException("loop.cycle() needs something to cycle through");
    }

    return values.get((int) (index % values.size()));
  }

  private Object changed(Frame frame, Arguments arguments) {
    Tuple value = new Tuple(arguments.positional());
    boolean changed = lastChanged == null || !Comparison.equal(lastChanged, value, frame.budget());
    lastChanged = value;
    return changed;
  }

  @Override
  public Object call(Frame frame, Arguments arguments) {
    if (recursion == null) {
      throw new JinjaException("loop() needs the loop to be marked 'recursive'");
    }

    Object inner = arguments.bind("loop", "iterable").required("iterable");
    return recursion.apply(inner, depth + 1);
  }
}
