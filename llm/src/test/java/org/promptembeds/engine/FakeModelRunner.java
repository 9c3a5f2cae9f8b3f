package org.promptembeds.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.tensor.Tensor;

/**
 * A model whose next token is a hash of everything that its KV arena holds for the sequence, and of
 * its penalties.
 *
 * <p>It stores one value per slot and reads the whole region back, so a misplaced region, a lost
 * move, an overlap or a wrong recompute changes the output. A step that is told to fail does its
 * worst within the contract: it does part of the moves and spoils the slots that it was to write.
 */
public final class FakeModelRunner implements ModelRunner {
  private final ModelLimits limits;
  private final long[] slots;
  private final Failures failures;
  private final List<StepPlan> plans = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private int attempts;
  private int largestStep = Integer.MAX_VALUE;
  private Predicate<SequenceChunk> spoilt = chunk -> false;

  /** Decides which steps fail. */
  @FunctionalInterface
  public interface Failures {
    /** What to throw at the attempt of a number, from 0; null if the step succeeds. */
    @Nullable RuntimeException at(int attempt, StepPlan plan);
  }

  public FakeModelRunner(ModelLimits limits) {
    this(limits, (attempt, plan) -> null);
  }

  /**
   * A model with failures.
   *
   * @param failures which steps fail
   */
  public FakeModelRunner(ModelLimits limits, Failures failures) {
    this.limits = limits;
    this.slots = new long[limits.kvSlots()];
    this.failures = failures;
  }

  /** Makes every step of more than {@code tokens} positions run out of memory. */
  public void limitSteps(int tokens) {
    largestStep = tokens;
  }

  /** Makes the logits of some chunks NaN. */
  public void spoilLogits(Predicate<SequenceChunk> which) {
    spoilt = which;
  }

  /** The plans of the steps that succeeded. */
  public List<StepPlan> plans() {
    return plans;
  }

  public int attempts() {
    return attempts;
  }

  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public ModelLimits limits() {
    return limits;
  }

  @Override
  public StepResult step(StepPlan plan) {
    checkPlan(plan);
    RuntimeException failure = failures.at(attempts++, plan);
    if (failure == null && plan.tokens() > largestStep) {
      failure = new DeviceMemoryException("step of " + plan.tokens(), new RuntimeException());
    }

    if (failure != null) {
      spoil(plan);
      throw failure;
    }

    for (KvMove move : plan.moves()) {
      System.arraycopy(slots, move.from(), slots, move.to(), move.length());
    }

    int[] tokens = new int[plan.chunks().size()];
    List<@Nullable TokenLogprobs> logprobs = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      SequenceChunk chunk = plan.chunks().get(i);
      write(chunk);
      long hash = hash(slots, chunk.region().start(), chunk.end());
      TokenSampling sampling = chunk.sampling();
      tokens[i] = sampling == null ? StepResult.NONE : choose(hash, sampling, limits.vocabSize());
      if (sampling != null && spoilt.test(chunk)) {
        tokens[i] = StepResult.NOT_FINITE;
      }

      logprobs.add(
          sampling == null || sampling.logprobs() < 0
              ? null
              : new TokenLogprobs(-tokens[i], new int[] {tokens[i]}, new float[] {-tokens[i]}));
    }

    plans.add(plan);
    return new StepResult(tokens, logprobs);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("closed twice");
    }
  }

  private void checkPlan(StepPlan plan) {
    if (closed.get()) {
      throw new IllegalStateException("step after close");
    }

    int end = 0;
    List<KvRegion> regions = new ArrayList<>();
    plan.chunks().forEach(chunk -> regions.add(chunk.region()));
    regions.sort((a, b) -> Integer.compare(a.start(), b.start()));
    for (KvRegion region : regions) {
      if (region.start() < end || region.end() > slots.length) {
        throw new IllegalStateException("regions overlap or leave the arena: " + regions);
      }

      end = region.end();
    }
  }

  private void spoil(StepPlan plan) {
    int done = plan.moves().size() / 2;
    for (int i = 0; i <= done && i < plan.moves().size(); i++) {
      KvMove move = plan.moves().get(i);
      System.arraycopy(slots, move.from(), slots, move.to(), (move.length() + 1) / 2);
    }

    for (SequenceChunk chunk : plan.chunks()) {
      int start = chunk.region().start();
      Arrays.fill(slots, start + chunk.start(), start + chunk.end(), 0xBADL);
    }
  }

  private void write(SequenceChunk chunk) {
    for (int i = 0; i < chunk.length(); i++) {
      int position = chunk.start() + i;
      long input =
          i < chunk.promptPositions()
              ? inputOf(chunk.embeds(), chunk.extras(), position)
              : inputOf(chunk.inputTokenIds()[i - chunk.promptPositions()]);
      slots[chunk.region().start() + position] = keyValue(input, position);
    }
  }

  /** Depends on all that the row sees of its span. */
  private static long inputOf(Tensor embeds, PromptExtras extras, int position) {
    ByteBuffer data = embeds.data();
    int bytes = data.limit() / (int) embeds.size(0);
    int last = position + extras.spans().ahead(position);
    long hash = 1;
    for (int i = position * bytes; i < (last + 1) * bytes; i++) {
      hash = CounterRandom.mix(hash * 31 + data.get(i));
    }

    return hash;
  }

  private static long inputOf(int tokenId) {
    return CounterRandom.mix(tokenId + 7L);
  }

  private static long keyValue(long input, int position) {
    return CounterRandom.mix(input + position);
  }

  private static long hash(long[] values, int start, int length) {
    long hash = length;
    for (int i = start; i < start + length; i++) {
      hash = CounterRandom.mix(hash ^ values[i]);
    }

    return hash;
  }

  private static int choose(long hash, TokenSampling sampling, int vocabSize) {
    long penalised = hash ^ hash(sampling.penalties());
    long key =
        sampling.temperature() == 0
            ? penalised
            : CounterRandom.mix(penalised ^ Double.doubleToLongBits(sampling.uniform()));
    int token = (int) Math.floorMod(key, (long) vocabSize);
    while (contains(sampling.bannedTokenIds(), token)) {
      token = (token + 1) % vocabSize;
    }

    return token;
  }

  /** 0 without penalties; the order of the tokens is without meaning. */
  private static long hash(TokenPenalties penalties) {
    double weight =
        3 * penalties.frequency() + 5 * penalties.presence() + Math.log(penalties.repetition());
    long hash = 0;
    for (int i = 0; i < penalties.tokenIds().length; i++) {
      long token = CounterRandom.mix(31L * penalties.tokenIds()[i] + penalties.counts()[i]);
      hash += CounterRandom.mix(token ^ Double.doubleToLongBits(weight));
    }

    return hash;
  }

  private static TokenPenalties penalties(SamplingParams params, List<Integer> tokens) {
    Set<Integer> distinct = new TreeSet<>(params.hasPenalties() ? tokens : List.of());
    return new TokenPenalties(
        params.repetitionPenalty(),
        params.frequencyPenalty(),
        params.presencePenalty(),
        distinct.stream().mapToInt(Integer::intValue).toArray(),
        distinct.stream().mapToInt(id -> Collections.frequency(tokens, id)).toArray());
  }

  private static boolean contains(int[] values, int value) {
    return Arrays.stream(values).anyMatch(v -> v == value);
  }

  /** What this model generates for a row by itself, without an engine or stop strings. */
  static Output reference(CheckedRequest request, ModelLimits limits, int eosTokenId) {
    SamplingParams params = request.params();
    int promptLength = (int) request.embeds().size(0);
    int context = CheckedRequest.contextLength(limits);
    long[] values = new long[context];
    for (int i = 0; i < promptLength; i++) {
      values[i] = keyValue(inputOf(request.embeds(), request.extras(), i), i);
    }

    List<Integer> ending = new ArrayList<>(params.stopTokenIds());
    if (!params.ignoreEos()) {
      ending.add(eosTokenId);
    }

    List<Integer> tokens = new ArrayList<>();
    while (true) {
      int length = promptLength + tokens.size();
      int[] banned =
          tokens.size() < params.minTokens()
              ? ending.stream().mapToInt(Integer::intValue).toArray()
              : new int[0];
      double uniform = params.isGreedy() ? 0 : CounterRandom.uniform(request.seed(), tokens.size());
      TokenSampling sampling =
          new TokenSampling(
              params.temperature(),
              0,
              1,
              0,
              uniform,
              banned,
              TokenBias.NONE,
              penalties(params, tokens),
              -1);
      int token = choose(hash(values, 0, length), sampling, limits.vocabSize());
      tokens.add(token);
      int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
      if (ending.contains(token)) {
        return new Output(ids, FinishReason.STOP);
      }

      if (tokens.size() == params.maxTokens() || length + 1 == context) {
        return new Output(ids, FinishReason.LENGTH);
      }

      values[length] = keyValue(inputOf(token), length);
    }
  }

  /** An expected output. */
  record Output(int[] tokenIds, FinishReason reason) {}
}
