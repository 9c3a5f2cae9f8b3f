package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.grammar.ConstrainedVocabulary;
import org.promptembeds.grammar.OutputGrammars;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.TokenTrie;

/**
 * Makes constraints of the outputs that have a form. Safe for use by many threads: grammars are
 * made on the callers', constraints used on the engine's.
 */
final class OutputConstraints {
  private final @Nullable TokenDecoder decoder;
  private final int vocabSize;

  /** Made when first needed. Guarded by {@code this}; used on the engine's thread alone. */
  private @Nullable ConstrainedVocabulary vocabulary;

  /**
   * Constraints of a model.
   *
   * @param decoder null if the model has no tokenizer
   */
  OutputConstraints(@Nullable TokenDecoder decoder, int vocabSize) {
    this.decoder = decoder;
    this.vocabSize = vocabSize;
  }

  /**
   * The constraint of a row; null if its output may be anything.
   *
   * @param endingTokenIds tokens that end the output
   * @throws InvalidRequestException naming the row and what is wrong with the form it asks for
   */
  @Nullable OutputConstraint of(CheckedRequest request, int[] endingTokenIds) {
    StructuredOutput output = StructuredOutput.of(request.params()).orElse(null);
    if (output == null) {
      return null;
    }

    try {
      Pushdown grammar = OutputGrammars.of(output);
      return new OutputConstraint(vocabulary(), grammar, vocabSize, endingTokenIds);
    } catch (GrammarException e) {
      throw new InvalidRequestException("row '" + request.row() + "': " + e.getMessage());
    }
  }

  private synchronized ConstrainedVocabulary vocabulary() {
    ConstrainedVocabulary known = vocabulary;
    if (known == null) {
      List<byte @Nullable []> bytes = decoder == null ? null : decoder.tokenBytes();
      if (bytes == null) {
        throw new GrammarException(
            "the output cannot be held to a form, the model's tokens stand for no bytes of their own: use a model with a tokenizer.json of byte-level BPE or SentencePiece");
      }

      known = new ConstrainedVocabulary(new TokenTrie(ofModel(bytes)));
      vocabulary = known;
    }

    return known;
  }

  /** The tokens that the model has logits for. */
  private List<byte @Nullable []> ofModel(List<byte @Nullable []> bytes) {
    List<byte @Nullable []> all = new ArrayList<>(bytes);
    while (all.size() < vocabSize) {
      all.add(null);
    }

    return all.subList(0, vocabSize);
  }
}
