package org.promptembeds.grammar.automaton;

/**
 * Which tokens can follow.
 *
 * @param bits a bit for each token of the vocabulary, lowest first; not to be changed
 * @param worst most bytes to an end of the output after one of them; -1 if there is none
 */
public record TokenMask(long[] bits, int worst) {
  /** Whether no token can follow. */
  public boolean isEmpty() {
    return worst < 0;
  }

  public boolean has(int tokenId) {
    return tokenId >> 6 < bits.length && (bits[tokenId >> 6] >>> tokenId & 1) != 0;
  }
}
