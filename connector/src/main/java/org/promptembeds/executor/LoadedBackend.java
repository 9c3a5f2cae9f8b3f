package org.promptembeds.executor;

import java.util.OptionalInt;
import java.util.function.Supplier;
import org.promptembeds.generation.GenerationBackend;

/**
 * A backend that is ready for rows.
 *
 * @param backend generates; closing it frees the model
 * @param hiddenSize width of the model's embeddings, if it can be known; may wait for a server
 */
public record LoadedBackend(GenerationBackend backend, Supplier<OptionalInt> hiddenSize) {
  /** A backend of a model whose embeddings have width {@code hiddenSize}. */
  public LoadedBackend(GenerationBackend backend, int hiddenSize) {
    this(backend, () -> OptionalInt.of(hiddenSize));
  }

  /**
   * Width of the model's embeddings, which flat embeddings need to be cut into rows.
   *
   * @throws org.promptembeds.generation.BackendException if the server that would know it is out of
   *     reach
   */
  public OptionalInt knownHiddenSize() {
    return hiddenSize.get();
  }
}
