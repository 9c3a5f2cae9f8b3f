package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.TokenLogprobs;

/** The shape of one API's responses. */
interface ResponseFormat {
  /** What the response's id begins with. */
  String idPrefix();

  /** The response's {@code object}, or that of a piece of a stream. */
  String objectName(boolean streamed);

  /** Adds what an answer has besides its choices. */
  default void complete(ObjectNode response, GenerationResult first) {}

  /** Writes the choice of index {@code index}. */
  ChoiceWriter choice(int index, Prompt prompt);

  /** Whether thoughts are counted apart from the rest of an output. */
  default boolean countsReasoning() {
    return false;
  }

  /** How many tokens of an output are thoughts. */
  default int reasoningTokens(GenerationResult result) {
    return 0;
  }

  /** Writes one choice, whole or piece by piece. */
  interface ChoiceWriter {
    ObjectNode whole(GenerationResult result);

    /** The next piece, while the output goes on; null if it would say nothing. */
    @Nullable ObjectNode piece(String text, int[] tokenIds, List<TokenLogprobs> logprobs);

    /** The last piece. */
    ObjectNode last(String text, int[] tokenIds, List<TokenLogprobs> logprobs, FinishReason reason);
  }
}
