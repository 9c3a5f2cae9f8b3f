package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.AcceptedExtras;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.generation.DeepstackEmbeds;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.PerLayerSpec;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.SpanSight;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * Packs what prompts carry besides their embeddings.
 *
 * <p>Confined to one thread; the buffer is used again by the next step.
 */
final class ExtrasPacker implements AutoCloseable {
  private final AcceptedExtras accepted;
  private final @Nullable PerLayerSpec perLayer;
  private final int hiddenSize;
  private final StagingBuffer buffer;

  /**
   * A packer for a model.
   *
   * @param buffer that features are packed into
   */
  ExtrasPacker(DecoderSpec spec, StagingBuffer buffer) {
    this.buffer = buffer;
    accepted = accepted(spec);
    perLayer = spec.embedding().perLayer();
    hiddenSize = spec.hiddenSize();
  }

  /** What a model takes besides embeddings. */
  static AcceptedExtras accepted(DecoderSpec spec) {
    PerLayerSpec perLayer = spec.embedding().perLayer();
    return new AcceptedExtras(
        spec.mixers()
            .anyMatch(
                mixer ->
                    mixer.positions() instanceof Rotary rotary && !rotary.sections().isEmpty()),
        spec.mixers()
            .anyMatch(
                mixer -> mixer instanceof Grouped grouped && grouped.spans() != SpanSight.NONE),
        spec.embedding().deepstackLayers(),
        perLayer == null ? 0 : Math.min(spec.vocabSize(), perLayer.rows()));
  }

  /** Whether tokens of a chunk see later ones. */
  boolean hasSpans(SequenceChunk chunk) {
    return accepted.spans() && chunk.extras().spans().reaches(chunk.start(), chunk.end());
  }

  /**
   * What stands for a row of a prompt: its token or padding where that is looked up, otherwise 0.
   */
  int tokenId(SequenceChunk chunk, int row) {
    if (perLayer == null) {
      return 0;
    }

    int id = chunk.extras().tokens().id(row);
    return id == PromptTokens.NO_TOKEN ? perLayer.padding() : id;
  }

  /**
   * Adds the extras of a step.
   *
   * @param chunks in the order of the step, those with spans last
   * @param numbers gets the fields that are numbers
   * @return bytes of the deepstack features
   */
  ByteBuffer pack(List<SequenceChunk> chunks, StepParts parts, long[] numbers) {
    boolean placed =
        accepted.positions()
            && chunks.stream().anyMatch(chunk -> !chunk.extras().positions().isNone());
    for (SequenceChunk chunk : chunks) {
      if (placed) {
        addAxes(parts.list(StepField.AXES), chunk);
      }

      if (chunk.length() > 1 && hasSpans(chunk)) {
        addAhead(parts.list(StepField.AHEAD), chunk);
      }
    }

    return packDeepstack(chunks, parts.list(StepField.DEEPSTACK_ROWS), numbers);
  }

  private static void addAxes(IntList axes, SequenceChunk chunk) {
    for (int index = chunk.start(); index < chunk.end(); index++) {
      for (int axis = 0; axis < PromptPositions.AXES; axis++) {
        axes.add(chunk.extras().positions().position(index, axis));
      }
    }
  }

  private static void addAhead(IntList ahead, SequenceChunk chunk) {
    for (int index = chunk.start(); index < chunk.end(); index++) {
      ahead.add(chunk.extras().spans().ahead(index));
    }
  }

  @SuppressWarnings("EnumOrdinal") // a number's place is its field's, as in the generated script
  private ByteBuffer packDeepstack(List<SequenceChunk> chunks, IntList rows, long[] numbers) {
    int token = 0;
    int layers = 0;
    for (SequenceChunk chunk : chunks) {
      DeepstackEmbeds deepstack = chunk.extras().deepstack();
      for (int i = first(chunk); i < last(chunk); i++) {
        rows.add(token + deepstack.row(i) - chunk.start());
        layers = Math.max(layers, deepstack.layers());
      }

      token += chunk.length();
    }

    DType type = commonType(chunks);
    numbers[StepField.DEEPSTACK_DTYPE.ordinal()] = TorchDType.code(type);
    numbers[StepField.DEEPSTACK_LAYERS.ordinal()] = layers;
    ByteBuffer packed = buffer.take((long) layers * rows.size() * hiddenSize * type.bytes());
    for (int layer = 0; layer < layers; layer++) {
      for (SequenceChunk chunk : chunks) {
        put(chunk, layer, type, packed);
      }
    }

    return packed.flip();
  }

  /** The first of the features' rows that lies in the chunk. */
  private static int first(SequenceChunk chunk) {
    return chunk.extras().deepstack().countBefore(chunk.start());
  }

  /** The one behind the last. */
  private static int last(SequenceChunk chunk) {
    return chunk.extras().deepstack().countBefore(chunk.end());
  }

  private static DType commonType(List<SequenceChunk> chunks) {
    List<DType> types =
        chunks.stream()
            .filter(chunk -> first(chunk) < last(chunk))
            .map(chunk -> chunk.extras().deepstack().embeds().dtype())
            .distinct()
            .toList();
    return types.size() == 1 ? types.get(0) : DType.FLOAT32;
  }

  /** What is added after a layer; zeros where the prompt has no features for it. */
  private void put(SequenceChunk chunk, int layer, DType type, ByteBuffer packed) {
    DeepstackEmbeds deepstack = chunk.extras().deepstack();
    int count = last(chunk) - first(chunk);
    if (count == 0) {
      return;
    }

    if (layer >= deepstack.layers()) {
      packed.put(new byte[count * hiddenSize * type.bytes()]);
      return;
    }

    ByteBuffer rows = deepstack.rows(layer, first(chunk), last(chunk));
    DType own = deepstack.embeds().dtype();
    if (own == type) {
      packed.put(rows);
      return;
    }

    float[] floats = Tensor.of(own, rows, count, hiddenSize).toFloats();
    packed.asFloatBuffer().put(floats);
    packed.position(packed.position() + floats.length * Float.BYTES);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
