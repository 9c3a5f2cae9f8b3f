package org.promptembeds.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.grammar.ConstrainedVocabulary;
import org.promptembeds.grammar.TokenConstraint;
import org.promptembeds.grammar.automaton.Pushdown;

/** What the output of one sequence must look like. Confined to the engine's thread. */
final class OutputConstraint {
  private final ConstrainedVocabulary vocabulary;
  private final Pushdown grammar;
  private final int vocabSize;
  private final int[] endingTokenIds;
  private @Nullable TokenConstraint begun;

  /** What becomes of an output by its form. */
  enum Outcome {
    GOES_ON,
    /** It has its form and cannot go on, or not for as many tokens as are left. */
    COMPLETE,
    /** It has not its form, and no token goes on with it. */
    STUCK
  }

  /**
   * The constraint of an output that has not begun.
   *
   * @param endingTokenIds tokens that end the output, where it may end
   */
  OutputConstraint(
      ConstrainedVocabulary vocabulary, Pushdown grammar, int vocabSize, int[] endingTokenIds) {
    this.vocabulary = vocabulary;
    this.grammar = grammar;
    this.vocabSize = vocabSize;
    this.endingTokenIds = endingTokenIds;
  }

  /** The tokens of what must come next, because nothing else can. */
  List<Integer> forced() {
    return constraint().forced();
  }

  private TokenConstraint constraint() {
    TokenConstraint known = begun;
    if (known == null) {
      known = vocabulary.constrain(grammar);
      begun = known;
    }

    return known;
  }

  /**
   * A bit for each token that may come next.
   *
   * @param tokensLeft how many there may still be
   */
  long[] allowed(int tokensLeft) {
    TokenConstraint constraint = constraint();
    long[] bits = constraint.mask(tokensLeft).bits().clone();
    boolean mayEnd = constraint.mayEnd();
    for (int id : endingTokenIds) {
      if (id < vocabSize) {
        long bit = 1L << id;
        bits[id >> 6] = mayEnd ? bits[id >> 6] | bit : bits[id >> 6] & ~bit;
      }
    }

    return bits;
  }

  /**
   * Takes note of the next token.
   *
   * @param tokensLeft how many there may be after it
   */
  Outcome add(int tokenId, int tokensLeft) {
    if (Arrays.binarySearch(endingTokenIds, tokenId) >= 0) {
      return Outcome.GOES_ON; // the stop rule ends it
    }

    TokenConstraint constraint = constraint();
    if (!constraint.accept(tokenId)) {
      return Outcome.STUCK;
    }

    if (constraint.isComplete()) {
      return Outcome.COMPLETE;
    }

    if (tokensLeft == 0) {
      return constraint.mayEnd() ? Outcome.COMPLETE : Outcome.GOES_ON;
    }

    if (!constraint.mask(tokensLeft).isEmpty()) {
      return Outcome.GOES_ON;
    }

    return constraint.mayEnd() ? Outcome.COMPLETE : Outcome.STUCK;
  }
}
