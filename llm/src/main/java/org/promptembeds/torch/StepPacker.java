package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.StepField.Kind;
import org.promptembeds.torch.cuda.PageLock;

/**
 * Packs a plan into the few buffers that one native call takes. Rows are the tokens of the step in
 * the order of its sequences; the short single-token sequences that are attended together come
 * first.
 *
 * <p>Confined to one thread; the buffers are used again by the next step.
 */
final class StepPacker implements AutoCloseable {
  /**
   * Bytes of keys and values of one sequence and layer up to which copying them into a padded batch
   * costs less than a call of its own.
   */
  private static final long PADDED_BYTES = 128 << 10;

  /** Most tokens of a step that the next can take its input from. */
  static final int KEPT_TOKENS = 8192;

  private final int embeddingWidth;
  private final int vocabSize;
  private final boolean needsLengths;
  private final ExtrasPacker extras;
  private final boolean recurrent;
  private final int emptyCell;
  private final boolean takesAllSingles;
  private final boolean readsShared;

  /** Bytes of the largest slot of a layer. */
  private final long slotBytes;

  private final StepParts parts;
  private final StagingBuffer embedsBuffer;
  private final SampledRows sampled;
  private final AdaptedRows adapted = new AdaptedRows();

  /**
   * A packer for a model.
   *
   * @param emptyCell cell that holds the state before the first position
   * @param constants what the device knows
   * @param pageLock for the memory that is packed into; null if no GPU reads it
   */
  StepPacker(
      DecoderSpec spec,
      Placement placement,
      int emptyCell,
      DeviceConstants constants,
      @Nullable PageLock pageLock) {
    this.parts = new StepParts(new StagingBuffer(pageLock));
    this.embedsBuffer = new StagingBuffer(pageLock);
    this.sampled = new SampledRows(spec.vocabSize(), constants, pageLock);
    this.emptyCell = emptyCell;
    recurrent = spec.isRecurrent();
    vocabSize = spec.vocabSize();
    embeddingWidth = spec.embedding().width();
    needsLengths = dependsOnLength(spec);
    extras = new ExtrasPacker(spec, new StagingBuffer(pageLock));
    readsShared = placement.isOwn();
    takesAllSingles = placement.flash() || placement.isOwn();
    slotBytes = spec.mixers().mapToLong(placement::slotBytes).max().orElse(0);
  }

  /** Whether a position's angles depend on the length of its row. */
  static boolean dependsOnLength(DecoderSpec spec) {
    return spec.mixers().anyMatch(StepPacker::dependsOnLength);
  }

  private static boolean dependsOnLength(MixerSpec mixer) {
    return mixer.positions() instanceof Rotary rotary && rotary.embedding().dependsOnLength();
  }

  /**
   * Packs a step.
   *
   * @param previous the step submitted before, which chunks of this one may take tokens from; null
   *     if none does
   */
  StepInput pack(StepPlan plan, @Nullable StepPlan previous) {
    boolean known = plan.chunks().stream().allMatch(chunk -> chunk.source() == SequenceChunk.KNOWN);
    return pack(plan, previous, !known);
  }

  /** The same, of a shape that does not depend on which tokens are known. */
  StepInput packAll(StepPlan plan, @Nullable StepPlan previous) {
    return pack(plan, previous, true);
  }

  @SuppressWarnings("EnumOrdinal") // a number's place is its field's, as in the generated script
  private StepInput pack(StepPlan plan, @Nullable StepPlan previous, boolean withSources) {
    int[] order = order(plan.chunks());
    List<SequenceChunk> chunks =
        Arrays.stream(order).mapToObj(position -> plan.chunks().get(position)).toList();
    int singles = (int) chunks.stream().filter(this::isSingle).count();
    parts.clear();
    sampled.clear();
    int[] lastTokens = new int[order.length];
    int[] scored = new int[order.length];
    long[] sequences = new long[3 * order.length];
    for (int n = 0; n < order.length; n++) {
      SequenceChunk chunk = chunks.get(n);
      sequences[3 * n] = chunk.length();
      sequences[3 * n + 1] = chunk.region().start();
      sequences[3 * n + 2] = chunk.end();
      scored[order[n]] = parts.size(StepField.SCORED_ROWS);
      addScored(chunk);
      addTokens(chunk);
      lastTokens[order[n]] = parts.size(StepField.TOKEN_IDS) - 1;
    }

    int promptTop = Math.min(most(chunks, SequenceChunk::promptTop), vocabSize);
    int[] rows = new int[order.length];
    for (int i = 0; i < rows.length; i++) {
      TokenSampling sampling = plan.chunks().get(i).sampling();
      rows[i] =
          sampling == null ? -1 : sampled.add(parts, lastTokens[i], plan.chunks().get(i), sampling);
    }

    if (withSources) {
      addSources(previous, plan.chunks(), lastTokens);
    }

    parts.add(StepField.CU_QUERIES, parts.size(StepField.TOKEN_IDS));
    parts.add(StepField.KEY_STARTS, 0);
    SlotMoves.sourceByTarget(plan.moves())
        .forEach(
            (target, source) -> {
              parts.add(StepField.MOVE_SOURCES, source);
              parts.add(StepField.MOVE_TARGETS, target);
            });
    DType embedsType = PromptRows.commonType(chunks);
    long[] numbers = new long[StepField.of(Kind.NUMBER).size()];
    numbers[StepField.MAX_QUERIES.ordinal()] = most(chunks, SequenceChunk::length);
    numbers[StepField.MAX_KEYS.ordinal()] = most(chunks, SequenceChunk::end);
    numbers[StepField.SINGLES.ordinal()] = singles;
    numbers[StepField.LONGEST.ordinal()] = most(chunks.subList(0, singles), SequenceChunk::end);
    numbers[StepField.PROMPT_TOP.ordinal()] = promptTop;
    numbers[StepField.EMBEDS_DTYPE.ordinal()] = TorchDType.code(embedsType);
    ByteBuffer deepstack = extras.pack(chunks, parts, numbers);
    List<ByteBuffer> doubles = new ArrayList<>(sampled.pack(parts, numbers));
    doubles.add(adapted.pack(chunks, parts, numbers));
    return new StepInput(
        Stream.of(numbers, parts.sizes(), sequences).flatMapToLong(LongStream::of).toArray(),
        parts.pack(),
        List.of(PromptRows.pack(chunks, embedsType, embeddingWidth, embedsBuffer), deepstack),
        doubles,
        new StepAnswer(rows, sampled.count(), sampled.top(), sampled.listed(), scored, promptTop));
  }

  private static int most(List<SequenceChunk> chunks, ToIntFunction<SequenceChunk> number) {
    return chunks.stream().mapToInt(number).max().orElse(0);
  }

  /**
   * Positions of the chunks in the plan: those of one token that are taken together first, those
   * with spans last.
   */
  private int[] order(List<SequenceChunk> chunks) {
    Integer[] order = new Integer[chunks.size()];
    Arrays.setAll(order, position -> position);
    Arrays.sort(order, Comparator.comparingInt(position -> rank(chunks.get(position))));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  private int rank(SequenceChunk chunk) {
    return isSingle(chunk) ? 0 : hasSpans(chunk) ? 2 : 1;
  }

  /** Whether tokens of the chunk see later ones. */
  private boolean hasSpans(SequenceChunk chunk) {
    return !isSingle(chunk) && extras.hasSpans(chunk);
  }

  private boolean isSingle(SequenceChunk chunk) {
    return chunk.length() == 1 && (takesAllSingles || chunk.end() * slotBytes <= PADDED_BYTES);
  }

  /** Names the tokens of the prompt that are told of, before the tokens of the chunk are added. */
  private void addScored(SequenceChunk chunk) {
    int first = parts.size(StepField.TOKEN_IDS) - chunk.start() - 1;
    for (int position : chunk.scoredPositions()) {
      parts.add(StepField.SCORED_ROWS, first + position);
      parts.add(StepField.SCORED_IDS, chunk.extras().tokens().id(position));
    }
  }

  private void addTokens(SequenceChunk chunk) {
    parts.add(StepField.CU_QUERIES, parts.size(StepField.TOKEN_IDS));
    parts.add(StepField.KEY_STARTS, chunk.region().start());
    parts.add(StepField.KEY_LENGTHS, chunk.end());
    if (readsShared) {
      parts.add(StepField.SHARED_STARTS, chunk.shared().start());
      parts.add(StepField.SHARED_LENGTHS, chunk.shared().capacity());
    }

    if (recurrent) {
      int source = chunk.cells().source();
      parts.add(StepField.STATE_SOURCES, source == StateCells.NONE ? emptyCell : source);
      parts.add(StepField.STATE_TARGETS, chunk.cells().target());
    }

    int prompt = chunk.promptPositions();
    for (int i = 0; i < chunk.length(); i++) {
      int position = chunk.start() + i;
      if (i < prompt) {
        parts.add(StepField.PROMPT_ROWS, parts.size(StepField.TOKEN_IDS));
        parts.add(StepField.PROMPT_TOKENS, chunk.extras().tokens().id(position));
      }

      parts.add(
          StepField.TOKEN_IDS,
          i < prompt ? extras.tokenId(chunk, position) : chunk.inputTokenIds()[i - prompt]);
      parts.add(StepField.POSITIONS, position);
      parts.add(StepField.SLOTS, chunk.region().start() + position);
      if (needsLengths) {
        parts.add(StepField.LENGTHS, Math.max(chunk.promptLength(), position + 1));
      }
    }
  }

  /**
   * Says which ids are tokens of the step before: those come first, as many as there is room for,
   * then the ids of this step.
   */
  private void addSources(
      @Nullable StepPlan previous, List<SequenceChunk> chunks, int[] lastTokens) {
    IntList sources = parts.list(StepField.TOKEN_SOURCES);
    for (int token = 0; token < parts.size(StepField.TOKEN_IDS); token++) {
      sources.add(KEPT_TOKENS + token);
    }

    int[] rows = previous == null ? new int[0] : rows(previous);
    for (int i = 0; i < lastTokens.length; i++) {
      int source = chunks.get(i).source();
      if (source != SequenceChunk.KNOWN) {
        sources.set(lastTokens[i], rows[source]);
      }
    }
  }

  /** For each chunk of a plan, its row among those that get a token. */
  private static int[] rows(StepPlan plan) {
    int[] rows = new int[plan.chunks().size()];
    int row = 0;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = plan.chunks().get(i).sampling() == null ? -1 : row++;
    }

    if (row > KEPT_TOKENS) {
      throw new IllegalArgumentException(
          "a step chose %d tokens, of which the next can take the first %d: lower maxSequences"
              .formatted(row, KEPT_TOKENS));
    }

    return rows;
  }

  @Override
  public void close() {
    parts.close();
    embedsBuffer.close();
    extras.close();
    sampled.close();
    adapted.close();
  }
}
