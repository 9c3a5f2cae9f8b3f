package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.SpanSight;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.StepField.Kind;

/**
 * Packs a plan into the few buffers that one native call takes. Rows are the tokens of the step in
 * the order of its sequences; the short single-token sequences that are attended together come
 * first.
 *
 * <p>Confined to one thread; the buffers are used again by the next step.
 */
final class StepPacker {
  /**
   * Bytes of keys and values of one sequence and layer up to which copying them into a padded batch
   * costs less than a call of its own.
   */
  private static final long PADDED_BYTES = 128 << 10;

  private final int vocabSize;
  private final int embeddingWidth;
  private final boolean needsLengths;
  private final boolean turnsWithThree;
  private final boolean seesSpans;
  private final boolean recurrent;
  private final int emptyCell;
  private final boolean takesAllSingles;

  /** Bytes of the largest slot of a layer. */
  private final long slotBytes;

  private final StagingBuffer indexBuffer = new StagingBuffer();
  private final StagingBuffer embedsBuffer = new StagingBuffer();
  private final StagingBuffer samplingBuffer = new StagingBuffer();
  private final StagingBuffer biasesBuffer = new StagingBuffer();
  private final StagingBuffer penaltiesBuffer = new StagingBuffer();

  /**
   * A packer for a model.
   *
   * @param emptyCell cell that holds the state before the first position
   */
  StepPacker(DecoderSpec spec, Placement placement, int emptyCell) {
    this.emptyCell = emptyCell;
    recurrent = spec.isRecurrent();
    vocabSize = spec.vocabSize();
    embeddingWidth = spec.embedding().width();
    needsLengths = dependsOnLength(spec);
    turnsWithThree = turnsWithThree(spec);
    seesSpans = seesSpans(spec);
    takesAllSingles = placement.flash() || placement.isOwn();
    slotBytes =
        placement.dtype().bytes()
            * spec.mixers().mapToLong(mixer -> mixer.state().slotElements()).max().orElse(0);
  }

  /** Whether a position's angles depend on the length of its row. */
  static boolean dependsOnLength(DecoderSpec spec) {
    return spec.mixers().anyMatch(StepPacker::dependsOnLength);
  }

  private static boolean dependsOnLength(MixerSpec mixer) {
    return mixer.positions() instanceof Rotary rotary && rotary.embedding().dependsOnLength();
  }

  /** Whether tokens turn with three positions. */
  static boolean turnsWithThree(DecoderSpec spec) {
    return spec.mixers()
        .anyMatch(
            mixer -> mixer.positions() instanceof Rotary rotary && !rotary.sections().isEmpty());
  }

  /** Whether rows of a span see one another both ways. */
  static boolean seesSpans(DecoderSpec spec) {
    return spec.mixers()
        .anyMatch(mixer -> mixer instanceof Grouped grouped && grouped.spans() != SpanSight.NONE);
  }

  @SuppressWarnings("EnumOrdinal") // a number's place is its field's, as in the generated script
  StepInput pack(StepPlan plan) {
    int[] order = order(plan.chunks());
    List<SequenceChunk> chunks =
        Arrays.stream(order).mapToObj(position -> plan.chunks().get(position)).toList();
    int singles = (int) chunks.stream().filter(this::isSingle).count();
    boolean laidOut =
        turnsWithThree && chunks.stream().anyMatch(chunk -> !chunk.extras().positions().isNone());
    Parts parts = new Parts();
    int[] rows = new int[order.length];
    Arrays.fill(rows, -1);
    long[] sequences = new long[3 * order.length];
    List<TokenSampling> sampled = new ArrayList<>();
    int top = -1;
    for (int n = 0; n < order.length; n++) {
      SequenceChunk chunk = chunks.get(n);
      sequences[3 * n] = chunk.length();
      sequences[3 * n + 1] = chunk.region().start();
      sequences[3 * n + 2] = chunk.end();
      addTokens(parts, chunk);
      if (laidOut) {
        addAxes(parts.list(StepField.AXES), chunk);
      }

      if (hasSpans(chunk)) {
        addAhead(parts.list(StepField.AHEAD), chunk);
      }

      TokenSampling sampling = chunk.sampling();
      if (sampling != null) {
        rows[order[n]] = sampled.size();
        addSampling(parts, sampled.size(), sampling);
        sampled.add(sampling);
        top = Math.max(top, Math.min(sampling.logprobs(), vocabSize));
      }
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
    numbers[StepField.EMBEDS_DTYPE.ordinal()] = TorchDType.code(embedsType);
    numbers[StepField.TOP.ordinal()] = top;
    return new StepInput(
        Stream.of(numbers, parts.sizes(), sequences).flatMapToLong(LongStream::of).toArray(),
        parts.pack(indexBuffer),
        PromptRows.pack(chunks, embedsType, embeddingWidth, embedsBuffer),
        List.of(
            packDraws(sampled),
            packBiases(sampled, parts.size(StepField.BIASED_ROWS)),
            packPenalties(sampled, parts.size(StepField.PENALISED_ROWS) > 0)),
        top,
        rows);
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
    return seesSpans
        && !isSingle(chunk)
        && chunk.extras().spans().reaches(chunk.start(), chunk.end());
  }

  private boolean isSingle(SequenceChunk chunk) {
    return chunk.length() == 1 && (takesAllSingles || chunk.end() * slotBytes <= PADDED_BYTES);
  }

  private void addTokens(Parts parts, SequenceChunk chunk) {
    parts.add(StepField.CU_QUERIES, parts.size(StepField.TOKEN_IDS));
    parts.add(StepField.KEY_STARTS, chunk.region().start());
    parts.add(StepField.KEY_LENGTHS, chunk.end());
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
      }

      parts.add(StepField.TOKEN_IDS, i < prompt ? 0 : chunk.inputTokenIds()[i - prompt]);
      parts.add(StepField.POSITIONS, position);
      parts.add(StepField.SLOTS, chunk.region().start() + position);
      if (needsLengths) {
        parts.add(StepField.LENGTHS, Math.max(chunk.promptLength(), position + 1));
      }
    }
  }

  private static void addAhead(IntList ahead, SequenceChunk chunk) {
    for (int index = chunk.start(); index < chunk.end(); index++) {
      ahead.add(chunk.extras().spans().ahead(index));
    }
  }

  private static void addAxes(IntList axes, SequenceChunk chunk) {
    for (int index = chunk.start(); index < chunk.end(); index++) {
      for (int axis = 0; axis < PromptPositions.AXES; axis++) {
        axes.add(chunk.extras().positions().position(index, axis));
      }
    }
  }

  private static void addSampling(Parts parts, int row, TokenSampling sampling) {
    parts.add(StepField.SAMPLED_ROWS, parts.size(StepField.TOKEN_IDS) - 1);
    if (sampling.temperature() > 0) {
      parts.add(StepField.DRAWN_ROWS, row);
    }

    int[] biased = sampling.bias().tokenIds();
    parts.list(StepField.BIASED_ROWS).repeat(row, biased.length);
    parts.list(StepField.BIASED_IDS).addAll(biased);

    int[] banned = sampling.bannedTokenIds();
    parts.list(StepField.BANNED_ROWS).repeat(row, banned.length);
    parts.list(StepField.BANNED_IDS).addAll(banned);

    TokenPenalties penalties = sampling.penalties();
    parts.list(StepField.PENALISED_ROWS).repeat(row, penalties.tokenIds().length);
    parts.list(StepField.PENALISED_IDS).addAll(penalties.tokenIds());
    parts.list(StepField.PENALISED_COUNTS).addAll(penalties.counts());
  }

  private ByteBuffer packDraws(List<TokenSampling> sampled) {
    List<TokenSampling> drawn = sampled.stream().filter(s -> s.temperature() > 0).toList();
    ByteBuffer packed =
        samplingBuffer.take((long) drawn.size() * StepField.SAMPLING_COLUMNS * Double.BYTES);
    for (TokenSampling sampling : drawn) {
      packed
          .putDouble(sampling.temperature())
          .putDouble(sampling.topK())
          .putDouble(sampling.topP())
          .putDouble(sampling.minP())
          .putDouble(sampling.uniform());
    }

    return packed.flip();
  }

  private ByteBuffer packBiases(List<TokenSampling> sampled, int count) {
    ByteBuffer packed = biasesBuffer.take((long) count * Double.BYTES);
    for (TokenSampling sampling : sampled) {
      for (double bias : sampling.bias().values()) {
        packed.putDouble(bias);
      }
    }

    return packed.flip();
  }

  private ByteBuffer packPenalties(List<TokenSampling> sampled, boolean any) {
    List<TokenSampling> penalised = any ? sampled : List.of();
    ByteBuffer packed =
        penaltiesBuffer.take((long) penalised.size() * StepField.PENALTY_COLUMNS * Double.BYTES);
    for (TokenSampling sampling : penalised) {
      packed
          .putDouble(sampling.penalties().repetition())
          .putDouble(sampling.penalties().frequency())
          .putDouble(sampling.penalties().presence());
    }

    return packed.flip();
  }

  /** The growing parts of the packed input. */
  private static final class Parts {
    private final Map<StepField, IntList> lists = new EnumMap<>(StepField.class);

    Parts() {
      for (StepField part : StepField.of(Kind.INT32, Kind.INT64)) {
        lists.put(part, new IntList());
      }
    }

    IntList list(StepField part) {
      IntList list = lists.get(part);
      if (list == null) {
        throw new IllegalStateException("no part " + part);
      }

      return list;
    }

    void add(StepField part, int value) {
      list(part).add(value);
    }

    int size(StepField part) {
      return list(part).size();
    }

    long[] sizes() {
      return lists.values().stream().mapToLong(IntList::size).toArray();
    }

    ByteBuffer pack(StagingBuffer buffer) {
      ByteBuffer packed = buffer.take(Arrays.stream(sizes()).sum() * Integer.BYTES);
      lists.values().forEach(list -> list.copyTo(packed));
      return packed.flip();
    }
  }
}
