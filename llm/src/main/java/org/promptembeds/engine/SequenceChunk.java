package org.promptembeds.engine;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.tensor.Tensor;

/**
 * The positions of one sequence that one step computes: {@code [start, start + length)}. Positions
 * below the prompt's length take their input from {@code embeds}, the others from {@code
 * inputTokenIds} through the embedding table.
 *
 * @param embeds prompt embeddings {@code (prompt_length, hidden_size)}
 * @param inputTokenIds one token id for each position of this chunk that lies at or past the
 *     prompt's end, in order: none for a chunk of the prompt, one for a decode, and any number,
 *     after rows of {@code embeds} or without them, when a sequence is computed again; the last is
 *     without meaning if {@code source} names another
 * @param start positions already in the KV cache
 * @param length positions to compute, at least 1
 * @param region where the sequence's keys and values live; position p is at slot {@code
 *     region.start() + p}
 * @param cells where recurrent state is read and written, if the model has any
 * @param sampling how to choose the token after the last position; null if more positions are known
 *     already
 * @param extras what the prompt carries besides {@code embeds}
 * @param source the chunk of the step submitted before whose token is the last input of this one,
 *     by its place in that plan; {@link #KNOWN} if the host knows all inputs
 * @param promptTop so many of the most likely tokens are told of at each position of the prompt
 *     whose token follows; -1 if nothing is
 * @param shared where the keys and values of the first positions lie, too, as many as it has slots:
 *     the same place for all sequences that begin alike
 * @param adapter that changes the model for this sequence; null for none
 */
public record SequenceChunk(
    Tensor embeds,
    int[] inputTokenIds,
    int start,
    int length,
    KvRegion region,
    StateCells cells,
    @Nullable TokenSampling sampling,
    PromptExtras extras,
    int source,
    int promptTop,
    KvRegion shared,
    @Nullable Adapter adapter) {
  /** In place of a source: the input is all of {@code inputTokenIds}. */
  public static final int KNOWN = -1;

  /**
   * A chunk of a prompt of embeddings alone, of a model without recurrent state, or of the only
   * sequence.
   */
  public SequenceChunk(
      Tensor embeds,
      int[] inputTokenIds,
      int start,
      int length,
      KvRegion region,
      @Nullable TokenSampling sampling) {
    this(
        embeds,
        inputTokenIds,
        start,
        length,
        region,
        StateCells.FIRST,
        sampling,
        PromptExtras.NONE,
        KNOWN);
  }

  public SequenceChunk {
    if (start < 0 || length < 1 || start + length > region.capacity()) {
      throw new IllegalArgumentException(
          "chunk [%d, %d) does not fit %s".formatted(start, start + length, region));
    }

    if (shared.capacity() > start) {
      throw new IllegalArgumentException(
          "chunk [%d, %d) cannot read positions that it computes in %s"
              .formatted(start, start + length, shared));
    }

    if (extras.spans().cutBefore(start) != start
        || extras.spans().cutBefore(start + length) != start + length) {
      throw new IllegalArgumentException(
          "chunk [%d, %d) cuts a span of rows that see one another"
              .formatted(start, start + length));
    }

    if (source < KNOWN || (source > KNOWN && inputTokenIds.length == 0)) {
      throw new IllegalArgumentException(
          "chunk [%d, %d) with %d input tokens cannot take one of chunk %d"
              .formatted(start, start + length, inputTokenIds.length, source));
    }

    int expected = Math.max(0, start + length - Math.max(start, (int) embeds.size(0)));
    if (inputTokenIds.length != expected) {
      throw new IllegalArgumentException(
          "chunk [%d, %d) of a prompt of %d positions needs %d token ids, got %d"
              .formatted(start, start + length, embeds.size(0), expected, inputTokenIds.length));
    }
  }

  /** A chunk of a prompt that nothing is told of, of a sequence that begins as no other does. */
  public SequenceChunk(
      Tensor embeds,
      int[] inputTokenIds,
      int start,
      int length,
      KvRegion region,
      StateCells cells,
      @Nullable TokenSampling sampling,
      PromptExtras extras,
      int source) {
    this(
        embeds,
        inputTokenIds,
        start,
        length,
        region,
        cells,
        sampling,
        extras,
        source,
        -1,
        KvRegion.EMPTY,
        null);
  }

  /** The same, whose token is chosen otherwise. */
  public SequenceChunk with(@Nullable TokenSampling other) {
    return new SequenceChunk(
        embeds,
        inputTokenIds,
        start,
        length,
        region,
        cells,
        other,
        extras,
        source,
        promptTop,
        shared,
        adapter);
  }

  /**
   * Positions of the prompt, ascending, whose tokens are told of: each follows on one of this
   * chunk.
   */
  public int[] scoredPositions() {
    return promptTop < 0
        ? new int[0]
        : IntStream.range(start + 1, Math.min(end() + 1, promptLength()))
            .filter(position -> extras.tokens().id(position) != PromptTokens.NO_TOKEN)
            .toArray();
  }

  /** The same of a sequence with another adapter. */
  public SequenceChunk withAdapter(@Nullable Adapter other) {
    return new SequenceChunk(
        embeds,
        inputTokenIds,
        start,
        length,
        region,
        cells,
        sampling,
        extras,
        source,
        promptTop,
        shared,
        other);
  }

  /** Whether it is more than one token, or one span of rows that see one another. */
  public boolean isDivisible() {
    return extras.spans().chunkEnd(start, start + 1) < end();
  }

  /** Positions of the prompt. */
  public int promptLength() {
    return (int) embeds.size(0);
  }

  /** Positions of this chunk that take their input from {@code embeds}, which come first. */
  public int promptPositions() {
    return length - inputTokenIds.length;
  }

  /** Positions in the KV cache after the step. */
  public int end() {
    return start + length;
  }
}
