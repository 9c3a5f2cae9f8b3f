package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.TokenLogprobs;

/**
 * The memory of the fake model: one value per KV slot, one per cell of recurrent state, and the
 * tokens of the last step.
 */
final class FakeDevice {
  private static final long SPOILT = 0xBADL;
  private static final int CELLS = 4096;

  private final int vocabSize;
  private final long[] slots;

  /** What the positions of a sequence left, folded. */
  private final long[] states = new long[CELLS];

  /** By slot: the token that was computed there. */
  private final int[] tokenIds;

  private int[] lastTokens = {};
  private Predicate<SequenceChunk> notFinite = chunk -> false;

  FakeDevice(ModelLimits limits) {
    this.vocabSize = limits.vocabSize();
    this.slots = new long[limits.kvSlots()];
    this.tokenIds = new int[limits.kvSlots()];
  }

  /** Makes the logits of some chunks NaN. */
  void spoilLogits(Predicate<SequenceChunk> which) {
    notFinite = which;
  }

  StepResult run(StepPlan plan, boolean recurrent) {
    for (KvMove move : plan.moves()) {
      System.arraycopy(slots, move.from(), slots, move.to(), move.length());
      System.arraycopy(tokenIds, move.from(), tokenIds, move.to(), move.length());
    }

    int[] tokens = new int[plan.chunks().size()];
    List<@Nullable TokenLogprobs> logprobs = new ArrayList<>();
    List<List<TokenLogprobs>> prompts = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      SequenceChunk chunk = plan.chunks().get(i);
      write(chunk);
      prompts.add(scores(chunk));
      long hash = FakeTokens.hash(keyValues(chunk), 0, chunk.end());
      if (recurrent) {
        hash ^= remember(chunk);
      }

      TokenSampling sampling = chunk.sampling();
      tokens[i] =
          sampling == null
              ? StepResult.NONE
              : FakeTokens.choose(hash, sampling, counts(chunk), vocabSize);
      if (sampling != null && notFinite.test(chunk)) {
        tokens[i] = StepResult.NOT_FINITE;
      }

      logprobs.add(sampling == null ? null : told(sampling.logprobs(), tokens[i], hash));
    }

    lastTokens = tokens;
    return new StepResult(tokens, logprobs, prompts);
  }

  private @Nullable TokenLogprobs told(int top, int token, long hash) {
    return top < 0
        ? null
        : top > 1
            ? FakeTokens.likely(hash, top, vocabSize)
            : new TokenLogprobs(-token, 1, new int[] {token}, new float[] {-token});
  }

  /** Depends on the token and on all that the arena holds before it. */
  private List<TokenLogprobs> scores(SequenceChunk chunk) {
    return Arrays.stream(chunk.scoredPositions())
        .mapToObj(
            position ->
                FakeTokens.score(
                    FakeTokens.hash(slots, chunk.region().start(), position),
                    chunk.extras().tokens().id(position)))
        .toList();
  }

  /** What the sequence has at its positions: the first of them from where others read them, too. */
  private long[] keyValues(SequenceChunk chunk) {
    int shared = chunk.shared().capacity();
    long[] values = new long[chunk.end()];
    System.arraycopy(slots, chunk.shared().start(), values, 0, shared);
    int start = chunk.region().start();
    System.arraycopy(slots, start + shared, values, shared, values.length - shared);
    return values;
  }

  /** Does the worst that a step may do which fails. */
  void spoil(StepPlan plan) {
    int done = plan.moves().size() / 2;
    for (int i = 0; i <= done && i < plan.moves().size(); i++) {
      KvMove move = plan.moves().get(i);
      System.arraycopy(slots, move.from(), slots, move.to(), (move.length() + 1) / 2);
    }

    for (SequenceChunk chunk : plan.chunks()) {
      int start = chunk.region().start();
      Arrays.fill(slots, start + chunk.start(), start + chunk.end(), SPOILT);
      Arrays.fill(tokenIds, start + chunk.start(), start + chunk.end(), PromptTokens.NO_TOKEN);
      states[chunk.cells().target()] = SPOILT;
    }

    lastTokens = new int[0];
  }

  private void write(SequenceChunk chunk) {
    for (int i = 0; i < chunk.length(); i++) {
      int position = chunk.start() + i;
      long input =
          i < chunk.promptPositions()
              ? FakeTokens.inputOf(chunk.embeds(), chunk.extras(), position)
              : FakeTokens.inputOf(token(chunk, i));
      slots[chunk.region().start() + position] = FakeTokens.keyValue(input, position);
      tokenIds[chunk.region().start() + position] =
          i < chunk.promptPositions() ? chunk.extras().tokens().id(position) : token(chunk, i);
    }
  }

  /** Counts of the tokens that lie in the slots of a row. */
  private Map<Integer, Integer> counts(SequenceChunk chunk) {
    int start = chunk.region().start();
    int output = start + chunk.promptLength();
    boolean known = !chunk.extras().tokens().isNone();
    return FakeTokens.counts(
        known ? PromptTokens.of(Arrays.copyOfRange(tokenIds, start, output)) : PromptTokens.NONE,
        Arrays.stream(tokenIds, output, start + chunk.end()).boxed().toList());
  }

  private int token(SequenceChunk chunk, int index) {
    if (index < chunk.length() - 1 || chunk.source() == SequenceChunk.KNOWN) {
      return chunk.inputTokenIds()[index - chunk.promptPositions()];
    }

    int token = lastTokens[chunk.source()];
    if (token == StepResult.NONE) {
      throw new IllegalStateException("chunk %d chose no token".formatted(chunk.source()));
    }

    return token;
  }

  /** Returns 0 if the state that is read is that of the positions before; writes the one after. */
  private long remember(SequenceChunk chunk) {
    StateCells cells = chunk.cells();
    long before = cells.source() == StateCells.NONE ? 0 : states[cells.source()];
    int start = chunk.region().start();
    boolean right = before == folded(0, start, start + chunk.start());
    states[cells.target()] = folded(before, start + chunk.start(), start + chunk.end());
    return right ? 0 : SPOILT;
  }

  private long folded(long value, int start, int end) {
    long fold = value;
    for (int i = start; i < end; i++) {
      fold = CounterRandom.mix(fold ^ slots[i]);
    }

    return fold;
  }
}
