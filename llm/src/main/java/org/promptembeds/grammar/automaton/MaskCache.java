package org.promptembeds.grammar.automaton;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers a number of things, and forgets the one that was used longest ago. */
final class MaskCache<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  MaskCache(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
