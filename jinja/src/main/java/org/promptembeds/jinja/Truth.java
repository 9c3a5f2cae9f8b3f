package org.promptembeds.jinja;

import java.util.Collection;
import java.util.Map;

/** Python's truth of a value. */
final class Truth {
  private Truth() {}

  static boolean of(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }

    if (value instanceof String text) {
      return !text.isEmpty();
    }

    if (value instanceof Collection<?> elements) {
      return !elements.isEmpty();
    }

    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }

    if (value instanceof Long number) {
      return number != 0;
    }

    if (value instanceof Double number) {
      return number != 0;
    }

    if (value instanceof DictView view) {
      return !view.elements().isEmpty();
    }

    return value != None.NONE && !(value instanceof Undefined);
  }
}
