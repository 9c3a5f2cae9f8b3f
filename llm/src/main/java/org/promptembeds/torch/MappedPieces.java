package org.promptembeds.torch;

import java.nio.ByteBuffer;
import org.promptembeds.model.weights.Weight;

/** Pieces as they lie in the mapped files. */
final class MappedPieces implements WeightPieces {
  private static final int PIECE_BYTES = 64 << 20;

  @Override
  public int pieceBytes() {
    return PIECE_BYTES;
  }

  @Override
  public ByteBuffer next(Weight weight, long byteOffset, int length) {
    ByteBuffer mapped = weight.map(byteOffset, length);
    // A file may place elements anywhere.
    return mapped.alignmentOffset(0, weight.dtype().bytes()) == 0
        ? mapped
        : ByteBuffer.allocateDirect(length).put(mapped).flip();
  }

  @Override
  public void done() {
    // The device has read all of pageable memory when a copy returns.
  }

  @Override
  public void close() {
    // Slices are unmapped when they are garbage collected.
  }
}
