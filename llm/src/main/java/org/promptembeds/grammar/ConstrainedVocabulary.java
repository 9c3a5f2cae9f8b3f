package org.promptembeds.grammar;

import java.util.IdentityHashMap;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.Reader;
import org.promptembeds.grammar.automaton.TokenMasks;
import org.promptembeds.grammar.automaton.TokenTrie;

/**
 * A vocabulary and what is remembered of it: masks, and the states of the grammars in use. Confined
 * to one thread at a time.
 */
public final class ConstrainedVocabulary {
  private static final long CACHE_BYTES = 128L << 20;
  private static final int MOST_GRAMMARS = 128;

  private final TokenMasks masks;
  private final IdentityHashMap<Pushdown, Reader> readers = new IdentityHashMap<>();

  /** A vocabulary of which nothing is remembered yet. */
  public ConstrainedVocabulary(TokenTrie trie) {
    this.masks = new TokenMasks(trie, CACHE_BYTES);
  }

  /** A constraint of an output that has not begun. */
  public TokenConstraint constrain(Pushdown grammar) {
    if (readers.size() >= MOST_GRAMMARS && !readers.containsKey(grammar)) {
      readers.clear(); // those in use stay good
    }

    return new TokenConstraint(masks, readers.computeIfAbsent(grammar, Reader::new));
  }
}
