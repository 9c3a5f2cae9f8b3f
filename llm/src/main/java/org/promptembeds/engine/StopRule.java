package org.promptembeds.engine;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenDecoder;

/** When the output of one sequence ends, and what its text is then. */
final class StopRule {
  private final int[] endingTokenIds;
  private final int minTokens;
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
    this.decoder = decoder;
    this.stopStrings =
        decoder == null || params.stop().isEmpty()
            ? null
            : new StopStrings(decoder, params.stop(), minTokens);
  }

  /** End-of-sequence and stop tokens, ascending: not to be chosen before {@code min_tokens}. */
  int[] endingTokenIds() {
    return endingTokenIds;
  }

  /** Whether the output ends with its newest token; to be asked once for each token. */
  boolean endsWith(int[] tokenIds, int length) {
    if (isEnding(tokenIds[length - 1])) {
      return true;
    }

    return stopStrings != null && stopStrings.completedBy(tokenIds, length);
  }

  /**
   * The text of a whole output: without the token that ended it, and cut before a stop string.
   *
   * @param reason why the output ended as far as its tokens tell; a stop string in the text
   *     overrules
   */
  Text text(int[] tokenIds, FinishReason reason) {
    if (decoder == null) {
      return new Text(null, reason);
    }

    int length = tokenIds.length;
    if (isEnding(tokenIds[length - 1])) {
      length--;
    }

    String text = decoder.decode(Arrays.copyOf(tokenIds, length));
    int cut = stopStrings == null ? -1 : stopStrings.firstIn(text);
    return cut < 0 ? new Text(text, reason) : new Text(text.substring(0, cut), FinishReason.STOP);
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
   * @param text null if the model has no tokenizer
   * @param reason why the output ended
   */
  record Text(@Nullable String text, FinishReason reason) {}
}
