package org.promptembeds.grammar.automaton;

import java.util.ArrayList;
import java.util.List;

/**
 * The masks of one vocabulary: which tokens can follow in the states of any grammar. Masks are
 * remembered, those of leaves for all grammars together. Confined to one thread at a time.
 */
public final class TokenMasks {
  /** As far as an output may go on. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private final TokenTrie trie;
  private final LeafMasks leaves;
  private final MaskCache<ReadState, TokenMask> states;

  /**
   * The masks of a vocabulary.
   *
   * @param cacheBytes most bytes of masks that are remembered
   */
  public TokenMasks(TokenTrie trie, long cacheBytes) {
    this.trie = trie;
    int most = (int) Math.max(16, cacheBytes / 2 / Math.max(1, trie.vocabSize() / 8));
    this.leaves = new LeafMasks(trie, most);
    this.states = new MaskCache<>(most);
  }

  public TokenTrie trie() {
    return trie;
  }

  /**
   * The tokens that can follow and after which the output can end soon enough.
   *
   * @param mostBytes bytes after the token within which there must be an end of the output
   */
  public TokenMask mask(Reader reader, ReadState state, int mostBytes) {
    TokenMask mask = states.get(state);
    if (mask == null) {
      mask = compute(reader, state, UNLIMITED);
      states.put(state, mask);
    }

    return mask.worst() <= mostBytes ? mask : compute(reader, state, mostBytes);
  }

  private TokenMask compute(Reader reader, ReadState state, int mostBytes) {
    MaskWalk walk = new MaskWalk(trie, reader, mostBytes);
    List<Place> inRules = new ArrayList<>();
    for (Place place : state.places()) {
      ByteDfa leaf = place.leaf();
      if (leaf == null) {
        inRules.add(place);
        continue;
      }

      LeafMask mask = leaves.mask(leaf, place.state()).within(trie, mostBytes - place.distance());
      if (mask != null) {
        int worst = mask.isEmpty() ? -1 : mask.growth() + place.distance();
        walk.add(mask, worst, place.calls());
      } else {
        walk.underLeaf(TokenTrie.ROOT, leaf, place.state(), place.calls());
      }
    }

    if (!inRules.isEmpty()) {
      walk.under(TokenTrie.ROOT, reader.of(inRules));
    }

    return walk.mask();
  }
}
