package org.promptembeds.engine;

import java.util.List;

/** Whether a result answers its plan. */
final class StepCheck {
  private StepCheck() {}

  /**
   * Checks a result.
   *
   * @throws IllegalStateException if it has too few tokens or log-probabilities, or one that is
   *     none of the vocabulary
   */
  static void check(StepPlan plan, StepResult result, int vocabSize) {
    List<SequenceChunk> chunks = plan.chunks();
    if (result.tokenIds().length != chunks.size() || result.logprobs().size() != chunks.size()) {
      throw new IllegalStateException(
          "the model chose %d tokens and %d log-probabilities for %d sequences"
              .formatted(result.tokenIds().length, result.logprobs().size(), chunks.size()));
    }

    for (int i = 0; i < chunks.size(); i++) {
      int scored = chunks.get(i).scoredPositions().length;
      if (result.promptLogprobs().get(i).size() != scored) {
        throw new IllegalStateException(
            "the model told of %d tokens of a prompt, %d were asked for"
                .formatted(result.promptLogprobs().get(i).size(), scored));
      }

      int tokenId = result.tokenIds()[i];
      if (chunks.get(i).sampling() != null
          && tokenId != StepResult.NOT_FINITE
          && tokenId != StepResult.NONE_ALLOWED
          && (tokenId < 0 || tokenId >= vocabSize)) {
        throw new IllegalStateException(
            "the model chose token %d, its vocabulary has %d".formatted(tokenId, vocabSize));
      }
    }
  }
}
