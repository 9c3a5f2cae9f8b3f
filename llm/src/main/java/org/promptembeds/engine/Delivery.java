package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;
import org.promptembeds.generation.ScoredToken;
import org.promptembeds.generation.TokenLogprobs;

/**
 * What one row gets: its text piece by piece if someone listens, its result, and how long that
 * took.
 *
 * <p>Confined to the engine's thread, except for {@link #result}.
 */
final class Delivery {
  private static final long NEVER = Long.MIN_VALUE;

  private final String row;
  private final StopRule stopRule;
  private final @Nullable OutputFeed feed;
  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
  private final List<TokenLogprobs> logprobs = new ArrayList<>(0);

  /** By position of the prompt; none if nothing is told of it. */
  private final @Nullable ScoredToken[] promptLogprobs;

  private @Nullable RuntimeException failure;
  private long submittedNanos;
  private long startedNanos = NEVER;
  private long firstTokenNanos = NEVER;
  private long lastTokenNanos;

  /**
   * The delivery of a row that has no output yet.
   *
   * @param row what messages call the row
   * @param stopRule what its text is
   * @param listener told of the output while it grows; null if nobody follows it
   * @param promptPositions positions of the prompt that something is told of; 0 if nothing is
   */
  Delivery(
      String row, StopRule stopRule, @Nullable GenerationListener listener, int promptPositions) {
    this.promptLogprobs = new @Nullable ScoredToken[promptPositions];
    this.row = row;
    this.stopRule = stopRule;
    this.feed = listener == null ? null : stopRule.feed(listener);
  }

  CompletableFuture<GenerationResult> result() {
    return result;
  }

  /** Why the row has no result though its output has ended; null if it has one. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  void submitted(long nowNanos) {
    submittedNanos = nowNanos;
  }

  /** Takes note of a step; the first one counts. */
  void started(long nowNanos) {
    if (startedNanos == NEVER) {
      startedNanos = nowNanos;
    }
  }

  /** Takes note that a step chose a token, or that there is none to choose. */
  void chosen(@Nullable TokenLogprobs tokenLogprobs, long nowNanos) {
    lastTokenNanos = nowNanos;
    if (firstTokenNanos == NEVER) {
      firstTokenNanos = nowNanos;
    }

    if (tokenLogprobs != null) {
      logprobs.add(tokenLogprobs);
    }
  }

  /** Takes note of what is told of each of {@link SequenceChunk#scoredPositions}. */
  void scored(SequenceChunk chunk, List<TokenLogprobs> told) {
    int[] positions = chunk.scoredPositions();
    for (int i = 0; i < positions.length; i++) {
      int tokenId = chunk.extras().tokens().id(positions[i]);
      promptLogprobs[positions[i]] = new ScoredToken(tokenId, told.get(i));
    }
  }

  /** Ends the row without a result, for a step had no token to choose. */
  void failChoice(int tokenId, SequenceTokens tokens, long nowNanos) {
    chosen(null, nowNanos);
    fail(
        tokenId == StepResult.NOT_FINITE
            ? RowFailures.notFinite(row, tokens.known() - 1)
            : RowFailures.noneAllowed(row, tokens.outputLength()));
  }

  /** Ends the row without a result. */
  void fail(RuntimeException reason) {
    failure = reason;
  }

  /** Whether the output ends with its newest token; false, and a failure, if it has no text. */
  boolean endsWith(int[] tokenIds, int length) {
    try {
      return stopRule.endsWith(tokenIds, length);
    } catch (RuntimeException e) {
      fail(RowFailures.undecodable(row, length, e));
      return false;
    }
  }

  /** Whether the output repeats itself with its newest token. */
  boolean repeats(int[] tokenIds, int length) {
    return stopRule.repeats(tokenIds, length);
  }

  /** Tells the listener, if there is one, of tokens it has not heard of. */
  void tell(int[] tokenIds, int length) {
    if (feed != null) {
      try {
        feed.tell(tokenIds, length, logprobs);
      } catch (RuntimeException e) {
        throw new BackendException(
            "row '%s': telling of its output failed at token %d: %s"
                .formatted(row, length, e.getMessage()),
            e);
      }
    }
  }

  /**
   * Completes the result with an output that has ended, or with the failure.
   *
   * @param reason why it ended; null if the row failed
   */
  void complete(int[] tokenIds, int length, @Nullable FinishReason reason, int promptTokens) {
    RuntimeException cause = failure;
    if (cause == null && reason != null) {
      try {
        int[] tokens = Arrays.copyOf(tokenIds, length);
        StopRule.Text text = stopRule.text(tokens, reason);
        result.complete(
            new GenerationResult(text.text(), tokens, text.reason(), promptTokens, logprobs)
                .withTimings(timings())
                .withPromptLogprobs(Collections.unmodifiableList(Arrays.asList(promptLogprobs))));
        return;
      } catch (RuntimeException e) {
        cause = RowFailures.undecodable(row, length, e);
      }
    }

    result.completeExceptionally(
        cause == null
            ? new IllegalStateException("row '" + row + "' has not come to its end")
            : cause);
  }

  /** Where the time went up to the last token; there must be one. */
  GenerationTimings timings() {
    return new GenerationTimings(
        startedNanos - submittedNanos,
        firstTokenNanos - startedNanos,
        lastTokenNanos - firstTokenNanos);
  }
}
