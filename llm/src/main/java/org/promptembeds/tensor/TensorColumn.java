package org.promptembeds.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A column of a columnar batch that has tensors behind its floats. A consumer of whole tensors asks
 * for them here and gets the bytes as they are stored, in their stored type, without a copy where
 * the file allows it.
 */
public interface TensorColumn {
  /**
   * The tensor of a row of the batch, of shape {@code [seqLen, hiddenSize]}, or {@code [n]} where
   * the file does not say how the n elements divide; null where the row has none. It stays valid
   * after the batch is closed.
   */
  @Nullable Tensor tensor(int row);
}
