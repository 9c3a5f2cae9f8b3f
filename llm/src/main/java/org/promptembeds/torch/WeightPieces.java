package org.promptembeds.torch;

import java.nio.ByteBuffer;
import org.promptembeds.model.weights.Weight;

/** Hands the bytes of weights out, a piece at a time. */
interface WeightPieces extends AutoCloseable {
  /** Most bytes of a piece, a multiple of the size of any element. */
  int pieceBytes();

  /**
   * The next piece, little-endian, in direct memory at an address that suits its elements. It stays
   * as it is until what was submitted to the device before {@link #done} has read it.
   */
  ByteBuffer next(Weight weight, long byteOffset, int length);

  /** Says that the last piece was submitted to the device. */
  void done();

  /** Ends the handing out, once the device has read what it was given. */
  @Override
  void close();
}
