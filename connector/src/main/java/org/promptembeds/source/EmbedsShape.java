package org.promptembeds.source;

import java.util.Arrays;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.TensorFormatException;

/** The rule that embeddings are two-dimensional floating-point tensors. */
final class EmbedsShape {
  private EmbedsShape() {}

  /**
   * Refuses a tensor that cannot be embeddings.
   *
   * @throws TensorFormatException naming the file, the tensor and what is wrong with it
   */
  static void check(String source, String name, String dtype, boolean isFloat, long[] shape) {
    if (!isFloat) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" is of type %s, not of floating-point numbers".formatted(name, dtype));
    }

    if (shape.length != 2) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" has shape %s, not (seq_len, hidden_size)"
              .formatted(name, Arrays.toString(shape)));
    }

    if (shape[0] > Integer.MAX_VALUE || shape[1] > Integer.MAX_VALUE) {
      throw new TensorFormatException(
          source,
          "tensor \"%s\" has shape %s, larger than a column can hold"
              .formatted(name, Arrays.toString(shape)));
    }
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

  static void check(String source, String name, DType dtype, long[] shape) {
    check(source, name, dtype.safetensorsName(), dtype.isFloat(), shape);
  }
}
