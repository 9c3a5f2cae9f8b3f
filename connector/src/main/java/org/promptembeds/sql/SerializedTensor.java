package org.promptembeds.sql;

import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.Tensor;

/** A tensor in the bytes of one of the file formats. */
final class SerializedTensor {
  private SerializedTensor() {}

  static Tensor read(byte[] bytes) {
    if (bytes.length == 0) {
      throw new InvalidRequestException("a serialised tensor has at least one byte, got none");
    }

    throw new InvalidRequestException(
        "%d bytes of a serialised tensor: no format is known".formatted(bytes.length));
  }
}
