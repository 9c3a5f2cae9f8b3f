package org.promptembeds.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Values that rows share which ask for the same, as long as they are asked for often enough.
 *
 * <p>Safe for use by many threads.
 */
final class Shared<K, V> {
  private static final int MOST_KEPT = 64;

  private final Function<K, V> maker;

  /** Least recently used first. Guarded by {@code this}. */
  private final Map<K, V> kept = new LinkedHashMap<>(16, 0.75f, true);

  Shared(Function<K, V> maker) {
    this.maker = maker;
  }

  synchronized V of(K key) {
    V known = kept.get(key);
    if (known == null) {
      known = maker.apply(key);
      kept.put(key, known);
      if (kept.size() > MOST_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }

    return known;
  }
}
