package org.promptembeds.source;

import java.util.Arrays;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFormatException;

/**
 * The rule that embeddings are floating-point tensors {@code (seq_len, hidden_size)}, which may be
 * stored with one leading dimension of size 1.
 */
final class EmbedsShape {
  private EmbedsShape() {}

  /**
   * {@code [seqLen, hiddenSize]} of a tensor as it is stored.
   *
   * @param stored its shape in the file
   * @throws TensorFormatException naming the file, the tensor and what is wrong with it, if it
   *     cannot be embeddings
   */
  static long[] of(String source, String name, String dtype, boolean isFloat, long[] stored) {
    if (!isFloat) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" is of type %s, not of floating-point numbers".formatted(name, dtype));
    }

    long[] shape =
        stored.length == 3 && stored[0] == 1 ? new long[] {stored[1], stored[2]} : stored;
    if (shape.length != 2) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" has shape %s, not (seq_len, hidden_size) or (1, seq_len, hidden_size)"
              .formatted(name, Arrays.toString(stored)));
    }

    if (shape[0] > Integer.MAX_VALUE || shape[1] > Integer.MAX_VALUE) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" has shape %s, larger than a column can hold"
              .formatted(name, Arrays.toString(stored)));
    }

    return shape;
  }

  /** Refuses a tensor whose bytes are more than one buffer holds. */
  static int byteCount(String source, String name, long byteCount) {
    if (byteCount > Integer.MAX_VALUE - 8) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" has %d bytes, a row can hold %d"
              .formatted(name, byteCount, Integer.MAX_VALUE - 8));
    }

    return (int) byteCount;
  }

  /** {@link #of(String, String, String, boolean, long[])} of a tensor's own type and shape. */
  static long[] of(String source, String name, Tensor tensor) {
    DType dtype = tensor.dtype();
    return of(source, name, dtype.safetensorsName(), dtype.isFloat(), tensor.shape());
  }
}
