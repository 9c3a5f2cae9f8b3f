package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.LogprobScope;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenMask;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.torch.cuda.PageLock;

/**
 * The rows of a step that get a token, in the order of their chunks, and how each is chosen.
 *
 * <p>Confined to one thread; the buffers are used again by the next step.
 */
final class SampledRows implements AutoCloseable {
  private final int vocabSize;
  private final DeviceConstants constants;
  private final StagingBuffer samplingBuffer;
  private final StagingBuffer biasesBuffer;
  private final StagingBuffer penaltiesBuffer;
  private final List<TokenSampling> sampled = new ArrayList<>();
  private final List<LogprobScope> told = new ArrayList<>();
  private final List<TokenPenalties> penalised = new ArrayList<>();
  private int penalisedTokens;

  /**
   * No rows.
   *
   * @param constants what the device knows, which the packers of a device share
   */
  SampledRows(int vocabSize, DeviceConstants constants, @Nullable PageLock pageLock) {
    this.vocabSize = vocabSize;
    this.constants = constants;
    this.samplingBuffer = new StagingBuffer(pageLock);
    this.biasesBuffer = new StagingBuffer(pageLock);
    this.penaltiesBuffer = new StagingBuffer(pageLock);
  }

  void clear() {
    sampled.clear();
    told.clear();
    penalised.clear();
    penalisedTokens = 0;
    constants.begin();
  }

  /**
   * Adds the choice of one row's token.
   *
   * @param token the row's last among the tokens of the step
   * @param chunk of the row, behind which the token is chosen
   * @return its row among those that get a token
   */
  int add(StepParts parts, int token, SequenceChunk chunk, TokenSampling sampling) {
    int row = sampled.size();
    sampled.add(sampling);
    parts.add(StepField.SAMPLED_ROWS, token);
    if (sampling.temperature() > 0) {
      parts.add(StepField.DRAWN_ROWS, row);
    }

    if (sampling.bias().tokenIds().length > 0) {
      parts.add(StepField.BIASED_ROWS, row);
      parts.add(StepField.BIASED_PLACES, constants.biases().place(sampling.bias()));
    }

    if (sampling.mask().bits().length > 0) {
      parts.add(StepField.BOUND_ROWS, row);
      parts.add(StepField.BOUND_PLACES, constants.masks().place(sampling.mask()));
    }

    int[] banned = sampling.bannedTokenIds();
    parts.list(StepField.BANNED_ROWS).repeat(row, banned.length);
    parts.list(StepField.BANNED_IDS).addAll(banned);

    if (sampling.allowed().length > 0) {
      parts.add(StepField.MASKED_ROWS, row);
      parts.list(StepField.MASKS).addHalves(sampling.allowed());
    }

    if (!sampling.scope().isNone()) {
      told.add(sampling.scope());
      parts.add(StepField.LOGPROB_ROWS, row);
    }

    addPenalties(parts, row, chunk, sampling.penalties());
    return row;
  }

  /** Names the slots of the tokens that count, if there are any. */
  private void addPenalties(
      StepParts parts, int row, SequenceChunk chunk, TokenPenalties penalties) {
    boolean countsPrompt = penalties.countsPrompt() && !chunk.extras().tokens().isNone();
    int first = countsPrompt ? 0 : chunk.promptLength();
    if (penalties.isNone() || first == chunk.end()) {
      return;
    }

    penalised.add(penalties);
    penalisedTokens += chunk.end() - first;
    parts.add(StepField.PENALISED_ROWS, row);
    parts.add(StepField.PENALISED_STARTS, chunk.region().start() + first);
    parts.add(StepField.PENALISED_LENGTHS, chunk.end() - first);
    parts.add(StepField.PENALISED_PROMPTS, chunk.promptLength() - first);
  }

  int count() {
    return sampled.size();
  }

  /** Most likely tokens that the result reports per row with log-probabilities. */
  int top() {
    int most = told.stream().mapToInt(LogprobScope::top).max().orElse(0);
    return Math.min(most, vocabSize);
  }

  /** Listed tokens that the result reports per row with log-probabilities. */
  int listed() {
    return told.stream().mapToInt(scope -> scope.tokenIds().length).max().orElse(0);
  }

  /**
   * The float64 tensors in the order of {@link StepField}, once all rows are added; adds to the
   * parts what the device does not know.
   *
   * @param numbers gets the fields that are numbers
   */
  @SuppressWarnings("EnumOrdinal") // a number's place is its field's, as in the generated script
  List<ByteBuffer> pack(StepParts parts, long[] numbers) {
    packLists(parts);
    numbers[StepField.TOP.ordinal()] = top();
    numbers[StepField.LISTED.ordinal()] = listed();
    numbers[StepField.LIST_PLACES.ordinal()] = constants.lists().size();
    numbers[StepField.PENALISED_TOKENS.ordinal()] = penalisedTokens;
    numbers[StepField.MASK_PLACES.ordinal()] = constants.masks().size();
    numbers[StepField.BIAS_PLACES.ordinal()] = constants.biases().size();
    for (TokenMask mask : constants.masks().fresh()) {
      parts.add(StepField.NEW_MASKS, constants.masks().place(mask));
      parts.list(StepField.NEW_MASK_BITS).addHalves(mask.bits());
    }

    return List.of(packDraws(), packBiases(parts), packPenalties());
  }

  private void packLists(StepParts parts) {
    int width = listed();
    if (width == 0) {
      return;
    }

    told.forEach(scope -> parts.add(StepField.LISTED_PLACES, constants.lists().place(scope)));
    int fresh =
        constants.lists().fresh().stream().mapToInt(list -> list.tokenIds().length).max().orElse(0);
    for (LogprobScope list : constants.lists().fresh()) {
      parts.add(StepField.NEW_LISTS, constants.lists().place(list));
      parts.list(StepField.NEW_LIST_IDS).addAll(Arrays.copyOf(list.tokenIds(), Math.max(1, fresh)));
    }
  }

  private ByteBuffer packDraws() {
    List<TokenSampling> drawn = sampled.stream().filter(s -> s.temperature() > 0).toList();
    ByteBuffer packed =
        samplingBuffer.take((long) drawn.size() * StepField.SAMPLING_COLUMNS * Double.BYTES);
    drawn.forEach(sampling -> putDraw(packed, sampling));
    return packed.flip();
  }

  /** Writes the columns of {@link StepField#SAMPLING}. */
  static void putDraw(ByteBuffer packed, TokenSampling sampling) {
    packed
        .putDouble(sampling.temperature())
        .putDouble(sampling.topK())
        .putDouble(sampling.topP())
        .putDouble(sampling.minP())
        .putDouble(sampling.uniform());
  }

  private ByteBuffer packBiases(StepParts parts) {
    List<TokenBias> fresh = constants.biases().fresh();
    int width = fresh.stream().mapToInt(bias -> bias.tokenIds().length).max().orElse(0);
    ByteBuffer packed = biasesBuffer.take((long) fresh.size() * width * Double.BYTES);
    for (TokenBias bias : fresh) {
      parts.add(StepField.NEW_BIASES, constants.biases().place(bias));
      parts.list(StepField.NEW_BIAS_IDS).addAll(Arrays.copyOf(bias.tokenIds(), width));
      Arrays.stream(Arrays.copyOf(bias.values(), width)).forEach(packed::putDouble);
    }

    return packed.flip();
  }

  private ByteBuffer packPenalties() {
    ByteBuffer packed =
        penaltiesBuffer.take((long) penalised.size() * StepField.PENALTY_COLUMNS * Double.BYTES);
    for (TokenPenalties penalties : penalised) {
      packed
          .putDouble(penalties.repetition())
          .putDouble(penalties.frequency())
          .putDouble(penalties.presence());
    }

    return packed.flip();
  }

  @Override
  public void close() {
    samplingBuffer.close();
    biasesBuffer.close();
    penaltiesBuffer.close();
  }
}
