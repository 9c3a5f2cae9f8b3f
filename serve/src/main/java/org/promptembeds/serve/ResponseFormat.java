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

  /** Writes one choice, whole or piece by piece. */
  interface ChoiceWriter {
    ObjectNode whole(GenerationResult result);

    /**
     * The next piece.
     *
     * @param reason null while the output goes on
     */
    ObjectNode piece(
        String text, int[] tokenIds, List<TokenLogprobs> logprobs, @Nullable FinishReason reason);

    /** Whether a piece without text is worth sending. */
    boolean tellsTokens();
  }
}
