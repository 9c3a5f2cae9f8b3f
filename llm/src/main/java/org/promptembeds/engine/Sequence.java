package org.promptembeds.engine;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.GenerationTimings;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.tensor.Tensor;

/**
 * One row on its way through the engine: who asks, its prompt, whether it runs, and where its keys
 * and values live. Its {@link SequenceTokens} count positions, its {@link TokenChoice} says how
 * tokens are chosen, its {@link Delivery} hands them out.
 *
 * <p>Confined to the engine's thread, except for {@link #result}.
 */
final class Sequence {
  private final String row;
  private final Client client;
  private final SequencePrompt prompt;
  private final SequenceTokens tokens;
  private final TokenChoice choice;
  private final Delivery delivery;
  private final TokenRules rules;

  private State state = State.WAITING;
  private @Nullable KvLease lease;
  private @Nullable FinishReason finishReason;
  private @Nullable Siblings siblings;
  private @Nullable BeamGang gang;
  private int heldAt = Integer.MAX_VALUE;
  private long arrival = -1;
  private int place;

  enum State {
    WAITING,
    RUNNING,
    FINISHED
  }

  /** A sequence that waits, of any tokens, which nobody follows. */
  Sequence(CheckedRequest request, int maxLength, StopRule stopRule) {
    this(request, maxLength, stopRule, TokenRules.NONE, null);
  }

  /**
   * A sequence that waits.
   *
   * @param request the row, checked
   * @param maxLength most tokens of prompt and output together
   * @param stopRule when the output ends
   * @param rules which tokens the output is made of
   * @param listener told of the output while it grows; null if nobody follows it
   */
  Sequence(
      CheckedRequest request,
      int maxLength,
      StopRule stopRule,
      TokenRules rules,
      @Nullable GenerationListener listener) {
    int promptLength = (int) request.embeds().size(0);
    this.row = request.row();
    this.client = request.client();
    this.prompt = new SequencePrompt(request);
    this.tokens =
        new SequenceTokens(
            promptLength,
            (int) Math.min((long) promptLength + request.params().maxTokens(), maxLength));
    this.choice = new TokenChoice(request, rules, tokens.mostOutput());
    this.rules = rules;
    this.delivery = new Delivery(row, stopRule, listener, rules.promptTop() < 0 ? 0 : promptLength);
  }

  String row() {
    return row;
  }

  /** Who asks. */
  Client client() {
    return client;
  }

  CompletableFuture<GenerationResult> result() {
    return delivery.result();
  }

  SequenceTokens tokens() {
    return tokens;
  }

  Delivery delivery() {
    return delivery;
  }

  State state() {
    return state;
  }

  boolean isRunning() {
    return state == State.RUNNING;
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
    delivery.submitted(nowNanos);
  }

  /** Takes note of whom it shares its prompt with. */
  void join(Siblings others) {
    siblings = others;
  }

  /** The sequences of the same row, this one included; null if it is the only one. */
  @Nullable Siblings siblings() {
    return siblings;
  }

  void join(BeamGang others) {
    gang = others;
  }

  /** The sequences that it searches with, this one included; null if it is no beam. */
  @Nullable BeamGang gang() {
    return gang;
  }

  /** The sequences that run and wait as one: itself, or the beams of its search. */
  List<Sequence> together() {
    return gang == null ? List.of(this) : gang.members();
  }

  int promptLength() {
    return tokens.promptLength();
  }

  /** The prompt, without embeddings once the sequence has finished. */
  SequencePrompt prompt() {
    return prompt;
  }

  /** Positions of the prompt and of the output that are known. */
  int known() {
    return tokens.known();
  }

  int outputLength() {
    return tokens.outputLength();
  }

  int[] outputTokenIds() {
    return Arrays.copyOf(tokens.output(), tokens.outputLength());
  }

  /** Positions of the prompt and of the tokens that are known or being chosen. */
  int length() {
    return tokens.length();
  }

  /** Most slots that the sequence can need: the last token is never computed. */
  int slotLimit() {
    return tokens.slotLimit();
  }

  /** Slots that the positions which can be computed now need. */
  int slotsNeeded() {
    return tokens.computable();
  }

  /** Positions that steps have computed which have ended. */
  int computed() {
    return lease == null ? 0 : lease.computed();
  }

  /** Positions that steps were planned for. */
  int used() {
    return lease == null ? 0 : lease.used();
  }

  /** Lets no more than {@code positions} be computed for now. */
  void holdAt(int positions) {
    heldAt = positions;
  }

  /**
   * Positions that a step may compute, of those that can be and that no step was planned for: 1 for
   * a decode.
   */
  int pending() {
    if (gang != null && !gang.isLive(this)) {
      return 0;
    }

    int rest = Math.max(0, Math.min(tokens.computable(), heldAt) - used());
    return Math.min(rest, rules.mostPositions());
  }

  /** Whether all positions of the prompt are to be computed, for something is told of each. */
  boolean tellsOfPrompt() {
    return rules.promptTop() >= 0;
  }

  /** Whether nothing can be planned until a step under way tells its token. */
  boolean needsToken() {
    return tokens.isAwaited() && (gang != null || choice.needsTokens());
  }

  /** The region on loan; null while waiting. */
  @Nullable KvLease lease() {
    return lease;
  }

  /** The region on loan of a sequence that runs. */
  KvLease heldLease() {
    KvLease held = lease;
    if (held == null) {
      throw new IllegalStateException("row " + row + " is " + state + " and holds no KV slots");
    }

    return held;
  }

  void run(KvLease newLease, long nowNanos) {
    lease = newLease;
    state = State.RUNNING;
    delivery.started(nowNanos);
  }

  /** Gives up the region: what was computed is computed again when the sequence runs next. */
  void waitAgain() {
    lease = null;
    heldAt = Integer.MAX_VALUE;
    state = State.WAITING;
    forgetAnswer();
  }

  private void forgetAnswer() {
    if (gang != null) {
      gang.forget(this);
    }
  }

  /** Ends the sequence and drops its prompt; {@code reason} is null if it has no result. */
  void finish(@Nullable FinishReason reason) {
    finishReason = reason;
    state = State.FINISHED;
    lease = null;
    prompt.drop();
  }

  /**
   * Gives the next {@code length} positions to a step.
   *
   * @param newPlace the chunk's place in the step's plan
   */
  SequenceChunk schedule(int length, int newPlace) {
    KvLease held = heldLease();
    Tensor embeds = prompt.embeds();
    if (embeds == null) {
      throw new IllegalStateException("row " + row + " has no prompt");
    }

    int start = held.used();
    int end = start + length;
    boolean samples = end == tokens.length();
    SequenceChunk chunk =
        new SequenceChunk(
            embeds,
            tokens.between(start, end),
            start,
            length,
            held.region(),
            held.stateCells(),
            samples ? choice.at(tokens.nextOutput()) : null,
            prompt.extras(),
            end > tokens.known() ? place : SequenceChunk.KNOWN,
            rules.promptTop(),
            held.shared(start),
            prompt.adapter());
    held.use(end);
    held.swapStates();
    place = newPlace;
    if (samples) {
      tokens.await();
      forgetAnswer();
    }

    return chunk;
  }

  /** Takes back a chunk of a step that failed; of several, the last comes first. */
  void rollBack(SequenceChunk chunk) {
    heldLease().swapStates();
    if (chunk.sampling() != null) {
      tokens.giveUp();
    }
  }

  /**
   * Takes note that a chunk was computed.
   *
   * @param promptLogprobs one per {@link SequenceChunk#scoredPositions}
   * @return how many of its positions had been computed before
   */
  int advance(SequenceChunk chunk, List<TokenLogprobs> promptLogprobs) {
    if (tellsOfPrompt()) {
      delivery.scored(chunk, promptLogprobs);
    }

    heldLease().computedUpTo(chunk.end());
    return tokens.advance(chunk.start(), chunk.end());
  }

  /**
   * Appends a chosen token and what can only come behind it, or takes note that there is none to
   * choose.
   *
   * @return whether the sequence ends with it; {@link #finishReason} says why, if it has a result
   */
  boolean append(int tokenId, @Nullable TokenLogprobs tokenLogprobs, long nowNanos) {
    if (tokenId < 0) {
      delivery.failChoice(tokenId, tokens, nowNanos);
      return true;
    }

    tokens.append(tokenId);
    boolean ended = takeIn(tokenId, tokenLogprobs, nowNanos);
    if (!ended && !tokens.isAwaited()) {
      for (int forced : choice.forced(tokens.outputLength())) {
        tokens.appendForced(forced);
        if (takeIn(forced, null, nowNanos)) {
          return true;
        }
      }
    }

    return ended;
  }

  /** Whether the output ends with its newest token. */
  private boolean takeIn(int tokenId, @Nullable TokenLogprobs tokenLogprobs, long nowNanos) {
    OutputConstraint.Outcome outcome = choice.add(tokenId, tokens.outputLength() - 1);
    delivery.chosen(tokenLogprobs, nowNanos);
    if (delivery.endsWith(tokens.output(), tokens.outputLength())
        || outcome == OutputConstraint.Outcome.COMPLETE) {
      finishReason = FinishReason.STOP;
    } else if (outcome == OutputConstraint.Outcome.STUCK) {
      delivery.fail(RowFailures.stuck(row, tokens.outputLength()));
    } else if (tokens.isFull() && delivery.failure() == null) {
      finishReason = FinishReason.LENGTH;
    } else if (delivery.repeats(tokens.output(), tokens.outputLength())) {
      finishReason = FinishReason.REPETITION;
    }

    return finishReason != null || delivery.failure() != null;
  }

  /** Why the output ended; null while it goes on or if there is no result. */
  @Nullable FinishReason finishReason() {
    return finishReason;
  }

  /**
   * Tells the listener, if there is one, of tokens it has not heard of and that end nothing.
   *
   * @throws org.promptembeds.generation.BackendException if the listener or the decoder fails
   */
  void tell() {
    if (state != State.FINISHED) {
      delivery.tell(tokens.output(), tokens.outputLength());
    }
  }

  /** Hands out the result of a sequence that has come to its end. */
  void complete() {
    delivery.complete(tokens.output(), tokens.outputLength(), finishReason, tokens.promptLength());
  }

  /** Where the time went up to the last token. */
  GenerationTimings timings() {
    return delivery.timings();
  }
}
