package org.promptembeds.jobs.bench;

import org.promptembeds.tensor.Tensor;

/** The embeddings that rows are generated for. */
@FunctionalInterface
public interface Prompts {
  /** Embeddings {@code (positions, hidden_size)} of row {@code index}, the same whenever asked. */
  Tensor of(int index, int positions);
}
