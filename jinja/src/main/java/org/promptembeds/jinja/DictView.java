package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code items()}, {@code keys()} and {@code values()} of a dictionary give: it has a length
 * and can be walked through, but has no subscripts.
 *
 * @param kind {@code dict_items}, {@code dict_keys} or {@code dict_values}
 */
record DictView(String kind, List<Object> elements) {
  static DictView items(Map<?, ?> map) {
    return new DictView("dict_items", pairs(map));
  }

  static DictView keys(Map<?, ?> map) {
    return new DictView("dict_keys", new ArrayList<>(map.keySet()));
  }

  static DictView values(Map<?, ?> map) {
    return new DictView("dict_values", new ArrayList<>(map.values()));
  }

  /** The entries as tuples. */
  static List<Object> pairs(Map<?, ?> map) {
    List<Object> pairs = new ArrayList<>(map.size());
    map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
    return pairs;
  }
}
