package org.promptembeds.source;

import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;

/**
 * A row's own columns.
 *
 * @param tensor the embeddings; null where they are NULL or not asked for
 * @param seqLen vectors in the tensor, null if not known
 * @param hiddenSize length of a vector, null if not known
 * @param error why the row is malformed, null if it is not
 */
record TensorRow(
    @Nullable String name,
    @Nullable Tensor tensor,
    @Nullable Integer seqLen,
    @Nullable Integer hiddenSize,
    @Nullable String error) {

  static TensorRow malformed(@Nullable String name, String error) {
    return new TensorRow(name, null, null, null, error);
  }
}
