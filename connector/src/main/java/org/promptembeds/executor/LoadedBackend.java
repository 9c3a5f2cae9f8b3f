package org.promptembeds.executor;

import java.util.OptionalInt;
import org.promptembeds.generation.GenerationBackend;

/**
 * A backend that is ready for rows.
 *
 * @param backend generates; closing it frees the model
 * @param hiddenSize width of the model's embeddings; 0 if the backend does not know it
 */
public record LoadedBackend(GenerationBackend backend, int hiddenSize) {

  /** Width of the model's embeddings, which flat embeddings need to be cut into rows. */
  public OptionalInt knownHiddenSize() {
    return hiddenSize > 0 ? OptionalInt.of(hiddenSize) : OptionalInt.empty();
  }
}
