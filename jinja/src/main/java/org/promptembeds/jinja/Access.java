package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes, subscripts and slices, looked up as Jinja's immutable sandbox does. */
final class Access {
  private Access() {}

  /** {@code object.name}: a method of the object, else its element of that name. */
  static Object attribute(Object object, String name) {
    Object own = ownAttribute(object, name);

    if (own != null) {
      return own;
    }

    Object element = object instanceof Map<?, ?> map ? map.get(name) : null;
    return element == null ? Undefined.attribute(object, name) : element;
  }

  /** {@code object[index]}: the element, else an attribute of that name. */
  static Object item(Object object, Object index, Budget budget) {
    if (object instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (object instanceof String text) {
      budget.read(text);
    }

    if (index instanceof String key) {
      budget.read(key);
    }

    Object element = element(object, index);

    if (element == null && index instanceof String name) {
      element = ownAttribute(object, name);
    }

    return element == null ? missing(object, index) : element;
  }

  private static Undefined missing(Object object, Object index) {
    if (index instanceof String name) {
      return Undefined.attribute(object, name);
    }

    String shown = index instanceof Long ? index.toString() : Values.typeName(index);
    return new Undefined("%s has no element %s".formatted(Values.typeName(object), shown));
  }

  private static @Nullable Object element(Object object, Object index) {
    if (object instanceof Map<?, ?> map) {
      boolean scalar = index instanceof String || Numbers.isNumber(index) || index == None.NONE;
      return scalar ? map.get(Values.key(index)) : null;
    }

    if (!Numbers.isInteger(index)) {
      return null;
    }

    long place = Numbers.toLong(index);

    if (object instanceof List<?> list) {
      long at = place < 0 ? place + list.size() : place;
      return at >= 0 && at < list.size() ? list.get((int) at) : null;
    }

    if (object instanceof String text) {
      long length = text.codePointCount(0, text.length());
      long at = place < 0 ? place + length : place;
      return at >= 0 && at < length
          ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
          : null;
    }

    return null;
  }

  private static @Nullable Object ownAttribute(Object object, String name) {
    if (object instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (object instanceof String text) {
      return TextMethods.find(text, name);
    }

    if (object instanceof Map<?, ?> map) {
      return CollectionMethods.ofMap(map, name);
    }

    if (object instanceof List<?> list && !(list instanceof Tuple)) {
      return CollectionMethods.ofList(list, name);
    }

    if (object instanceof Namespace namespace) {
      return namespace.find(name);
    }

    return object instanceof HasAttributes other ? other.find(name) : null;
  }

  /** {@code object[start:stop:step]} with None for a bound that is left out. */
  static Object slice(Object object, Object start, Object stop, Object step, Budget budget) {
    if (object instanceof Undefined undefined) {
      throw undefined.failure();
    }

    if (object instanceof String text) {
      budget.read(text);
    }

    if (!(object instanceof String) && !(object instanceof List)) {
      throw new JinjaException("%s cannot be sliced".formatted(Values.typeName(object)));
    }

    int length = (int) Iteration.length(object);
    long stride = step == None.NONE ? 1 : integer(step);

    if (stride == 0) {
      throw new JinjaException("a slice's step cannot be zero");
    }

    boolean forward = stride > 0;
    long from = start == None.NONE ? (forward ? 0 : length - 1) : clamp(start, length, forward);
    long to = stop == None.NONE ? (forward ? length : -1) : clamp(stop, length, forward);
    budget.charge(Math.max(0, Math.abs(to - from)));

    if (object instanceof String text && stride == 1) {
      return to <= from ? "" : substring(text, (int) from, (int) to, length);
    }

    List<Object> source = Iteration.elements(object);
    List<Object> taken = new ArrayList<>();

    for (long i = from; forward ? i < to : i > to; i += stride) {
      taken.add(source.get((int) i));
    }

    if (object instanceof String) {
      StringBuilder text = new StringBuilder();
      taken.forEach(text::append);
      return text.toString();
    }

    if (object instanceof Range range) {
      return range.slice((int) from, taken.size(), (int) stride);
    }

    return object instanceof Tuple ? new Tuple(taken) : taken;
  }

  private static String substring(String text, int from, int to, int length) {
    if (length == text.length()) {
      return text.substring(from, to);
    }

    int begin = text.offsetByCodePoints(0, from);
    return text.substring(begin, text.offsetByCodePoints(begin, to - from));
  }

  private static long clamp(Object bound, int length, boolean forward) {
    long place = integer(bound);

    if (place < 0) {
      return Math.max(place + length, forward ? 0 : -1);
    }

    return Math.min(place, forward ? length : length - 1L);
  }

  private static long integer(Object bound) {
    if (!Numbers.isInteger(bound)) {
      throw new JinjaException(
          "a slice takes integers as its bounds, got " + Values.typeName(bound));
    }

    return Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Numbers.toLong(bound)));
  }
}
