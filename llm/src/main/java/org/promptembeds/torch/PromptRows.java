package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.util.List;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** The prompt embeddings that one step takes in, as bytes for the device. */
final class PromptRows {
  private PromptRows() {}

  /** The type in which the rows travel: their own if they agree, float32 otherwise. */
  static DType commonType(List<SequenceChunk> chunks) {
    List<DType> types =
        chunks.stream()
            .filter(chunk -> chunk.promptPositions() > 0)
            .map(chunk -> chunk.embeds().dtype())
            .distinct()
            .toList();
    return types.size() == 1 ? types.get(0) : DType.FLOAT32;
  }

  /** The rows of all chunks, one after another: bytes of {@code (positions, hidden_size)}. */
  static ByteBuffer pack(
      List<SequenceChunk> chunks, DType type, int hiddenSize, StagingBuffer buffer) {
    long rows = chunks.stream().mapToLong(SequenceChunk::promptPositions).sum();
    ByteBuffer packed = buffer.take(rows * hiddenSize * type.bytes());
    for (SequenceChunk chunk : chunks) {
      if (chunk.promptPositions() > 0) {
        put(chunk, type, hiddenSize, packed);
      }
    }

    return packed.flip();
  }

  private static void put(SequenceChunk chunk, DType type, int hiddenSize, ByteBuffer packed) {
    Tensor embeds = chunk.embeds();
    if (embeds.size(1) != hiddenSize) {
      throw new IllegalArgumentException(
          "prompt embeddings are %d wide, the model's are %d"
              .formatted(embeds.size(1), hiddenSize));
    }

    int rowBytes = hiddenSize * embeds.dtype().bytes();
    ByteBuffer bytes =
        embeds.data().slice(chunk.start() * rowBytes, chunk.promptPositions() * rowBytes);
    if (embeds.dtype() == type) {
      packed.put(bytes);
      return;
    }

    float[] floats =
        Tensor.of(embeds.dtype(), bytes, chunk.promptPositions(), hiddenSize).toFloats();
    packed.asFloatBuffer().put(floats);
    packed.position(packed.position() + floats.length * Float.BYTES);
  }
}
