package org.promptembeds.jinja;

import java.util.List;

/** What a filter such as {@code map} gives: it can be walked through once and has no length. */
final class Generator {
  private List<Object> elements;

  Generator(List<Object> elements) {
    this.elements = elements;
  }

  /** The elements not taken yet; none are left afterwards. */
  List<Object> take() {
    List<Object> rest = elements;
    elements = List.of();
    return rest;
  }

  /** The next element, leaving the others; {@code otherwise} where there is none. */
  Object takeFirst(Object otherwise) {
    if (elements.isEmpty()) {
      return otherwise;
    }

    Object first = elements.get(0);
    elements = elements.subList(1, elements.size());
    return first;
  }
}
