package org.promptembeds.jinja;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's tuple: a list that prints with parentheses and equals only tuples. */
final class Tuple extends AbstractList<Object> implements HasAttributes {
  private final List<Object> elements;
  private final List<String> names;

  Tuple(List<Object> elements) {
    this(elements, List.of());
  }

  /** A tuple whose elements are attributes too, by {@code names}. */
  Tuple(List<Object> elements, List<String> names) {
    this.elements = elements;
    this.names = names;
  }

  @Override
  public @Nullable Object find(String name) {
    int place = names.indexOf(name);
    return place < 0 ? CollectionMethods.ofList(this, name) : elements.get(place);
  }

  static Tuple of(Object... elements) {
    return new Tuple(List.of(elements));
  }

  @Override
  public Object get(int index) {
    return elements.get(index);
  }

  @Override
  public int size() {
    return elements.size();
  }
}
