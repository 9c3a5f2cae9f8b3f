package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.tensor.Tensor;

/**
 * One row on its way through the engine: its prompt, the tokens generated so far and where its keys
 * and values live.
 *
 * <p>Confined to the engine's thread, except for {@link #result}.
 */
final class Sequence {
  private static final int[] NO_TOKENS = {};
  private static final long NEVER = Long.MIN_VALUE;

  private final String row;
  private final Client client;
  private final int promptLength;
  private final int prefixLength;
  private final PromptExtras extras;
  private final StopRule stopRule;
  private final @Nullable OutputFeed feed;

  private final TokenChoice choice;

  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
  private final List<TokenLogprobs> logprobs = new ArrayList<>(0);

  /** The prompt {@code (prompt_length, hidden_size)}; null once the sequence has finished. */
  private @Nullable Tensor embeds;

  private int[] outputTokenIds = NO_TOKENS;
  private int outputLength;

  /** Most tokens of prompt and output together: set by max_tokens and by the context. */
  private final int lengthLimit;

  private State state = State.WAITING;
  private @Nullable KvLease lease;
  private @Nullable FinishReason finishReason;
  private @Nullable RuntimeException failure;
  private long arrival = -1;
  private int sharedLength;
  private int mostComputed;
  private long submittedNanos;
  private long startedNanos = NEVER;
  private long firstTokenNanos;
  private long lastTokenNanos;

  enum State {
    WAITING,
    RUNNING,
    FINISHED
  }

  /**
   * A sequence that waits.
   *
   * @param prompt the row, checked
   * @param contextLength most tokens of prompt and output together
   * @param stopRule when the output ends
   */
  Sequence(CheckedRequest prompt, int contextLength, StopRule stopRule) {
    this(prompt, contextLength, stopRule, null);
  }

  /**
   * A sequence that waits and whose output is followed.
   *
   * @param listener told of the output while it grows; null if nobody follows it
   */
  Sequence(
      CheckedRequest prompt,
      int contextLength,
      StopRule stopRule,
      @Nullable GenerationListener listener) {
    this.row = prompt.row();
    this.client = prompt.client();
    this.embeds = prompt.embeds();
    this.promptLength = (int) prompt.embeds().size(0);
    this.extras = prompt.extras();
    this.prefixLength = extras.spans().cutBefore(prompt.prefixLength());
    this.sharedLength = prefixLength;
    this.lengthLimit =
        (int) Math.min((long) promptLength + prompt.params().maxTokens(), contextLength);
    this.stopRule = stopRule;
    this.feed = listener == null ? null : stopRule.feed(listener);
    this.choice = new TokenChoice(prompt.params(), prompt.seed(), stopRule.endingTokenIds());
  }

  String row() {
    return row;
  }

  /** Who asks. */
  Client client() {
    return client;
  }

  CompletableFuture<GenerationResult> result() {
    return result;
  }

  State state() {
    return state;
  }

  boolean isFinished() {
    return state == State.FINISHED;
  }

  /** Rank in the order of submission. */
  long arrival() {
    return arrival;
  }

  boolean hasArrived() {
    return arrival >= 0;
  }

  void arrive(long rank, long nowNanos) {
    arrival = rank;
    submittedNanos = nowNanos;
  }

  int promptLength() {
    return promptLength;
  }

  /** Positions at the start of the prompt that the request says are shared; no span is cut. */
  int prefixLength() {
    return prefixLength;
  }

  /** Positions at the start of the prompt that are known to be shared. */
  int sharedLength() {
    return sharedLength;
  }

  /** Takes note that another row begins with the same {@code length} positions. */
  void share(int length) {
    sharedLength = Math.max(sharedLength, length);
  }

  /** The prompt {@code (prompt_length, hidden_size)}; null once the sequence has finished. */
  @Nullable Tensor embeds() {
    return embeds;
  }

  /** Positions that this prompt and {@code other}'s begin with, the last known one excepted. */
  int sharedWith(Sequence other) {
    Tensor others = other.embeds;
    return others == null ? 0 : sharedWith(others, other.extras);
  }

  /**
   * Positions that this prompt begins with as another does, the last known one excepted; no span is
   * cut.
   */
  int sharedWith(Tensor others, PromptExtras theirs) {
    Tensor prompt = embeds;
    return prompt == null
        ? 0
        : extras.commonRows(theirs, Math.min(prompt.commonRows(others), length() - 1));
  }

  /** Whether another prompt begins with the first {@code length} positions of this one. */
  boolean beginsAs(Tensor others, PromptExtras theirs, int length) {
    Tensor prompt = embeds;
    return prompt != null
        && prompt.commonRows(others) >= length
        && extras.commonRows(theirs, length) == length;
  }

  /** What the prompt carries besides its embeddings. */
  PromptExtras extras() {
    return extras;
  }

  int outputLength() {
    return outputLength;
  }

  /** Positions of the prompt and of the tokens generated so far. */
  int length() {
    return promptLength + outputLength;
  }

  /** Most slots that the sequence can need: the last token is never computed. */
  int slotLimit() {
    return lengthLimit - 1;
  }

  /** Positions whose keys and values are in the arena. */
  int computed() {
    return lease == null ? 0 : lease.used();
  }

  /** Positions known and not yet computed: 1 for a decode. */
  int pending() {
    return length() - computed();
  }

  /** The region on loan; null while waiting. */
  @Nullable KvLease lease() {
    return lease;
  }

  int[] outputTokenIds() {
    return Arrays.copyOf(outputTokenIds, outputLength);
  }

  List<TokenLogprobs> logprobs() {
    return logprobs;
  }

  @Nullable FinishReason finishReason() {
    return finishReason;
  }

  /** Why the sequence has no result though it ended by itself; null if it has one. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  void run(KvLease newLease, long nowNanos) {
    lease = newLease;
    state = State.RUNNING;
    if (startedNanos == NEVER) {
      startedNanos = nowNanos;
    }
  }

  /** Gives up the region: what was computed is computed again when the sequence runs next. */
  void waitAgain() {
    lease = null;
    state = State.WAITING;
  }

  /** Ends the sequence and drops its prompt; {@code reason} is null if it has no result. */
  void finish(@Nullable FinishReason reason) {
    finishReason = reason;
    state = State.FINISHED;
    lease = null;
    embeds = null;
  }

  /** The next {@code length} positions, to be computed by one step. */
  SequenceChunk chunk(int length) {
    KvLease held = lease;
    Tensor prompt = embeds;
    if (held == null || prompt == null) {
      throw new IllegalStateException("sequence of row " + row + " is " + state);
    }

    int start = held.used();
    int end = start + length;
    int firstToken = Math.max(start, promptLength) - promptLength;
    int[] tokens =
        end <= promptLength
            ? NO_TOKENS
            : Arrays.copyOfRange(outputTokenIds, firstToken, end - promptLength);
    return new SequenceChunk(
        prompt,
        tokens,
        start,
        length,
        held.region(),
        held.stateCells(),
        end == length() ? choice.at(outputLength) : null,
        extras);
  }

  /**
   * Takes note of computed positions.
   *
   * @return how many of them had been computed before
   */
  int advance(int positions) {
    KvLease held = lease;
    if (held == null) {
      throw new IllegalStateException("sequence of row " + row + " is " + state);
    }

    int start = held.used();
    held.use(start + positions);
    held.swapStates();
    int again = Math.max(0, Math.min(mostComputed, start + positions) - start);
    mostComputed = Math.max(mostComputed, start + positions);
    return again;
  }

  /**
   * Appends a chosen token, or takes note that there is none to choose.
   *
   * @return why the sequence ends with it; null if it goes on or has come to a {@link #failure}
   */
  @Nullable FinishReason append(int tokenId, @Nullable TokenLogprobs tokenLogprobs, long nowNanos) {
    lastTokenNanos = nowNanos;
    if (outputLength == 0) {
      firstTokenNanos = nowNanos;
    }

    if (tokenId == StepResult.NOT_FINITE) {
      failure = RowFailures.notFinite(row, length() - 1);
      return null;
    }

    if (outputLength == outputTokenIds.length) {
      int capacity = Math.max(16, outputLength + (outputLength >> 1));
      outputTokenIds =
          Arrays.copyOf(outputTokenIds, Math.min(capacity, lengthLimit - promptLength));
    }

    outputTokenIds[outputLength++] = tokenId;
    choice.add(tokenId);
    if (tokenLogprobs != null) {
      logprobs.add(tokenLogprobs);
    }

    try {
      if (stopRule.endsWith(outputTokenIds, outputLength)) {
        return FinishReason.STOP;
      }
    } catch (RuntimeException e) {
      failure = RowFailures.undecodable(row, outputLength, e);
    }

    return length() >= lengthLimit && failure == null ? FinishReason.LENGTH : null;
  }

  /** Tells the listener, if there is one, of tokens it has not heard of and that end nothing. */
  void tell() {
    if (feed != null && state != State.FINISHED) {
      feed.tell(outputTokenIds, outputLength, logprobs);
    }
  }

  /**
   * What the sequence generated.
   *
   * @throws IllegalStateException if it has not come to its end
   */
  GenerationResult toResult() {
    FinishReason reason = finishReason;
    if (reason == null) {
      throw new IllegalStateException("sequence of row " + row + " is " + state);
    }

    int[] tokens = outputTokenIds();
    StopRule.Text text = stopRule.text(tokens, reason);
    return new GenerationResult(text.text(), tokens, text.reason(), promptLength, logprobs)
        .withTimings(timings());
  }

  /** Where the time went up to the last token; there must be one. */
  GenerationTimings timings() {
    return new GenerationTimings(
        startedNanos - submittedNanos,
        firstTokenNanos - startedNanos,
        lastTokenNanos - firstTokenNanos);
  }
}
