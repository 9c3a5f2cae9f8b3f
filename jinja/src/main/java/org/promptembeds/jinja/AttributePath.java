package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;

/** The way from a value to a part of it, as the {@code attribute} argument of filters writes it. */
record AttributePath(List<Object> parts, Budget budget) {
  /** {@code "a.b.0"}, an index, or None for the value itself. */
  static AttributePath of(Object attribute, Budget budget) {
    if (attribute == None.NONE) {
      return new AttributePath(List.of(), budget);
    }

    if (!(attribute instanceof String path)) {
      return new AttributePath(List.of(attribute), budget);
    }

    List<Object> parts = new ArrayList<>();

    for (String part : path.split("\\.", -1)) {
      parts.add(part.matches("\\d{1,9}") ? (Object) Long.parseLong(part) : part);
    }

    return new AttributePath(List.copyOf(parts), budget);
  }

  Object find(Object value) {
    Object found = value;

    for (Object part : parts) {
      found = Access.item(found, part, budget);
    }

    return found;
  }

  /** The part, or {@code otherwise} where there is none at any step. */
  Object find(Object value, Object otherwise) {
    Object found = value;

    for (Object part : parts) {
      found = Access.item(found, part, budget);

      if (found instanceof Undefined) {
        found = otherwise;
      }
    }

    return found;
  }
}
