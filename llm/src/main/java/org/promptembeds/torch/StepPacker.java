package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.model.DecoderConfig;
import org.promptembeds.tensor.DType;

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

  private final DecoderConfig config;
  private final Placement placement;
  private final StagingBuffer indexBuffer = new StagingBuffer();
  private final StagingBuffer embedsBuffer = new StagingBuffer();
  private final StagingBuffer samplingBuffer = new StagingBuffer();
  private final StagingBuffer biasesBuffer = new StagingBuffer();
  private final StagingBuffer penaltiesBuffer = new StagingBuffer();

  StepPacker(DecoderConfig config, Placement placement) {
    this.config = config;
    this.placement = placement;
  }

  StepInput pack(StepPlan plan) {
    int[] order = order(plan.chunks());
    List<SequenceChunk> chunks =
        Arrays.stream(order).mapToObj(position -> plan.chunks().get(position)).toList();
    int singles = (int) chunks.stream().filter(this::isSingle).count();
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
      TokenSampling sampling = chunk.sampling();
      if (sampling != null) {
        rows[order[n]] = sampled.size();
        addSampling(parts, sampled.size(), sampling);
        sampled.add(sampling);
        top = Math.max(top, Math.min(sampling.logprobs(), config.vocabSize()));
      }
    }

    parts.add(StepPart.CU_QUERIES, parts.size(StepPart.TOKEN_IDS));
    parts.add(StepPart.KEY_STARTS, 0);
    SlotMoves.sourceByTarget(plan.moves())
        .forEach(
            (target, source) -> {
              parts.add(StepPart.MOVE_SOURCES, source);
              parts.add(StepPart.MOVE_TARGETS, target);
            });
    DType embedsType = PromptRows.commonType(chunks);
    long[] numbers = {
      chunks.stream().mapToInt(SequenceChunk::length).max().orElse(0),
      chunks.stream().mapToInt(SequenceChunk::end).max().orElse(0),
      singles,
      chunks.stream().limit(singles).mapToInt(SequenceChunk::end).max().orElse(0),
      TorchDType.code(embedsType),
      top
    };
    return new StepInput(
        numbers,
        parts.sizes(),
        sequences,
        parts.pack(indexBuffer),
        PromptRows.pack(chunks, embedsType, config.hiddenSize(), embedsBuffer),
        packDraws(sampled),
        packBiases(sampled, parts.size(StepPart.BIASED_ROWS)),
        packPenalties(sampled, parts.size(StepPart.PENALISED_ROWS) > 0),
        rows);
  }

  /** Positions of the chunks in the plan, those of one token that are taken together first. */
  private int[] order(List<SequenceChunk> chunks) {
    Integer[] order = new Integer[chunks.size()];
    Arrays.setAll(order, position -> position);
    Arrays.sort(order, Comparator.comparing(position -> !isSingle(chunks.get(position))));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  private boolean isSingle(SequenceChunk chunk) {
    long slotBytes = 2L * config.kvHeads() * config.headDim() * placement.dtype().bytes();
    return chunk.length() == 1 && (placement.flash() || chunk.end() * slotBytes <= PADDED_BYTES);
  }

  private void addTokens(Parts parts, SequenceChunk chunk) {
    parts.add(StepPart.CU_QUERIES, parts.size(StepPart.TOKEN_IDS));
    parts.add(StepPart.KEY_STARTS, chunk.region().start());
    parts.add(StepPart.KEY_LENGTHS, chunk.end());
    int prompt = chunk.promptPositions();
    for (int i = 0; i < chunk.length(); i++) {
      int position = chunk.start() + i;
      if (i < prompt) {
        parts.add(StepPart.PROMPT_ROWS, parts.size(StepPart.TOKEN_IDS));
      }

      parts.add(StepPart.TOKEN_IDS, i < prompt ? 0 : chunk.inputTokenIds()[i - prompt]);
      parts.add(StepPart.POSITIONS, position);
      parts.add(StepPart.SLOTS, chunk.region().start() + position);
      if (config.rotary().dynamicNtk() != null) {
        parts.add(StepPart.LENGTHS, Math.max(chunk.promptLength(), position + 1));
      }
    }
  }

  private static void addSampling(Parts parts, int row, TokenSampling sampling) {
    parts.add(StepPart.SAMPLED_ROWS, parts.size(StepPart.TOKEN_IDS) - 1);
    if (sampling.temperature() > 0) {
      parts.add(StepPart.DRAWN_ROWS, row);
    }

    int[] biased = sampling.bias().tokenIds();
    parts.list(StepPart.BIASED_ROWS).repeat(row, biased.length);
    parts.list(StepPart.BIASED_IDS).addAll(biased);

    int[] banned = sampling.bannedTokenIds();
    parts.list(StepPart.BANNED_ROWS).repeat(row, banned.length);
    parts.list(StepPart.BANNED_IDS).addAll(banned);

    TokenPenalties penalties = sampling.penalties();
    parts.list(StepPart.PENALISED_ROWS).repeat(row, penalties.tokenIds().length);
    parts.list(StepPart.PENALISED_IDS).addAll(penalties.tokenIds());
    parts.list(StepPart.PENALISED_COUNTS).addAll(penalties.counts());
  }

  private ByteBuffer packDraws(List<TokenSampling> sampled) {
    List<TokenSampling> drawn = sampled.stream().filter(s -> s.temperature() > 0).toList();
    ByteBuffer packed =
        samplingBuffer.take((long) drawn.size() * StepInput.SAMPLING_COLUMNS * Double.BYTES);
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
        penaltiesBuffer.take((long) penalised.size() * StepInput.PENALTY_COLUMNS * Double.BYTES);
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
    private final Map<StepPart, IntList> lists = new EnumMap<>(StepPart.class);

    Parts() {
      for (StepPart part : StepPart.values()) {
        lists.put(part, new IntList());
      }
    }

    IntList list(StepPart part) {
      IntList list = lists.get(part);
      if (list == null) {
        throw new IllegalStateException("no part " + part);
      }

      return list;
    }

    void add(StepPart part, int value) {
      list(part).add(value);
    }

    int size(StepPart part) {
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
