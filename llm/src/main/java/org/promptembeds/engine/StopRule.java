package org.promptembeds.engine;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.StopParameters;

/** When the output of one sequence ends, and what its text is then. */
final class StopRule {
  private final int[] endingTokenIds;
  private final int minTokens;
  private final RepetitionRule repetition;
  private final boolean keepsEnding;

  /** Null if no text is made. */
  private final @Nullable TokenDecoder decoder;

  /** Null if the row has no stop strings. */
  private final @Nullable StopStrings stopStrings;

  /**
   * A rule for one sequence.
   *
   * @param decoder null if the model has no tokenizer; then there must be no stop strings
   */
  StopRule(SamplingParams params, Set<Integer> eosTokenIds, @Nullable TokenDecoder decoder) {
    this.endingTokenIds =
        IntStream.concat(
                params.stopTokenIds().stream().mapToInt(Integer::intValue),
                params.ignoreEos()
                    ? IntStream.empty()
                    : eosTokenIds.stream().mapToInt(Integer::intValue))
            .distinct()
            .sorted()
            .toArray();
    this.minTokens = params.minTokens();
    this.repetition = RepetitionRule.of(params);
    this.keepsEnding = params.value(StopParameters.INCLUDE_STOP_STR_IN_OUTPUT);
    this.decoder = decoder == null ? null : decoderOf(params, decoder);
    this.stopStrings =
        this.decoder == null || params.stop().isEmpty()
            ? null
            : new StopStrings(this.decoder, params.stop(), minTokens);
  }

  /** What makes the text; null if none is asked for. */
  private static @Nullable TokenDecoder decoderOf(SamplingParams params, TokenDecoder decoder) {
    if (!params.value(OutputParameters.DETOKENIZE)) {
      return null;
    }

    return params.value(OutputParameters.SKIP_SPECIAL_TOKENS)
        ? decoder
        : decoder.withSpecialTokens(params.value(OutputParameters.SPACES_BETWEEN_SPECIAL_TOKENS));
  }

  /** End-of-sequence and stop tokens, ascending: not to be chosen before {@code min_tokens}. */
  int[] endingTokenIds() {
    return endingTokenIds;
  }

  /** Whether the output repeats itself with its newest token. */
  boolean repeats(int[] tokenIds, int length) {
    return length >= minTokens && repetition.isMetBy(tokenIds, length);
  }

  /** Whether the output ends with its newest token; to be asked once for each token. */
  boolean endsWith(int[] tokenIds, int length) {
    if (isEnding(tokenIds[length - 1])) {
      return true;
    }

    return stopStrings != null && stopStrings.completedBy(tokenIds, length);
  }

  /**
   * The text of a whole output: without the token that ended it, and cut before a stop string,
   * unless they are to stay.
   *
   * @param reason why the output ended as far as its tokens tell; a stop string in the text
   *     overrules
   */
  Text text(int[] tokenIds, FinishReason reason) {
    if (decoder == null) {
      return new Text(null, reason);
    }

    int length = tokenIds.length;
    if (!keepsEnding && isEnding(tokenIds[length - 1])) {
      length--;
    }

    String text = decoder.decode(Arrays.copyOf(tokenIds, length));
    int start = stopStrings == null ? -1 : stopStrings.firstIn(text);
    if (stopStrings == null || start < 0) {
      return new Text(text, reason);
    }

    int end = keepsEnding ? stopStrings.endIn(text, start) : start;
    return new Text(text.substring(0, end), FinishReason.STOP);
  }

  /** What tells {@code listener} of the output while it grows. */
  OutputFeed feed(GenerationListener listener) {
    if (decoder == null || !listener.wantsText()) {
      return new OutputFeed(listener, null);
    }

    return new OutputFeed(
        listener,
        stopStrings == null ? TextStream.whole(OutputText.settled(decoder)) : stopStrings.stream());
  }

  private boolean isEnding(int tokenId) {
    return Arrays.binarySearch(endingTokenIds, tokenId) >= 0;
  }

  /**
   * Text of an output.
   *
   * @param text null if none is made
   * @param reason why the output ended
   */
  record Text(@Nullable String text, FinishReason reason) {}
}
