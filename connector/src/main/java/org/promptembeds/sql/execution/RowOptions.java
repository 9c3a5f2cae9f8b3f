package org.promptembeds.sql.execution;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.options.PromptInputs;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.call.GenerateInput;
import org.promptembeds.sql.prompt.ChatOptions;

/**
 * The options of one row.
 *
 * @param softPrompt name or path of its soft prompt; null for none
 * @param hiddenSize length that the row's embedding vectors must have; 0 if the call does not say
 * @param extras what the prompt carries besides its embeddings
 * @param chat how a chat is written
 */
record RowOptions(
    SamplingParams params,
    @Nullable String softPrompt,
    int hiddenSize,
    PromptExtras extras,
    ChatOptions chat) {
  /**
   * The options of named values.
   *
   * @param input what the function takes them besides
   * @throws InvalidRequestException if what a chat template is to see is not JSON
   * @throws IllegalArgumentException naming every unknown name and every bad value
   */
  static RowOptions of(GenerateInput input, Map<String, ?> values) {
    Object softPrompt = values.get(SamplingOptions.SOFT_PROMPT.key());
    Object hiddenSize = values.get(SamplingOptions.HIDDEN_SIZE.key());
    return new RowOptions(
        SamplingOptions.parse(input.sampling(values)),
        softPrompt == null ? null : SamplingOptions.SOFT_PROMPT.parse(softPrompt),
        hiddenSize == null ? 0 : SamplingOptions.HIDDEN_SIZE.parse(hiddenSize),
        PromptInputs.parse(values),
        ChatOptions.of(values));
  }

  /** The length of the vectors, if the call says it. */
  OptionalInt statedHiddenSize() {
    return hiddenSize > 0 ? OptionalInt.of(hiddenSize) : OptionalInt.empty();
  }

  /**
   * Checks the length of the vectors against what the call says of it.
   *
   * @throws InvalidRequestException if it is another
   */
  void checkHiddenSize(String what, long length) {
    if (hiddenSize > 0 && length != hiddenSize) {
      throw new InvalidRequestException(
          "%s vectors of %d values, but hidden_size says %d".formatted(what, length, hiddenSize));
    }
  }
}
