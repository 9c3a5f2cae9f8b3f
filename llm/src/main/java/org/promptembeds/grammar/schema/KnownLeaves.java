package org.promptembeds.grammar.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.promptembeds.grammar.automaton.Syntax;

/**
 * Leaves that were made of keywords not long ago: schemas often ask the same of their strings and
 * numbers, and masks of one leaf are remembered together. Safe for many threads.
 */
final class KnownLeaves {
  private static final int REMEMBERED = 500;
  private static final Map<List<String>, Syntax> KNOWN =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Syntax> eldest) {
          return size() > REMEMBERED;
        }
      };

  private KnownLeaves() {}

  /**
   * A leaf.
   *
   * @param keywords what it is made of
   */
  static Syntax of(List<String> keywords, Supplier<Syntax> make) {
    synchronized (KNOWN) {
      Syntax known = KNOWN.get(keywords);
      if (known != null) {
        return known;
      }
    }

    Syntax made = make.get();
    synchronized (KNOWN) {
      KNOWN.put(List.copyOf(keywords), made);
    }

    return made;
  }
}
