package org.promptembeds.engine;

import org.promptembeds.tensor.DType;

/**
 * A model on a device. Confined to one thread at a time; keeps no state of sequences besides the
 * contents of the KV arena.
 */
public interface ModelRunner extends AutoCloseable {
  ModelLimits limits();

  /** Whether keys and values at a position depend on nothing but the input up to it. */
  default boolean sharesPrefixes() {
    return true;
  }

  /** Most sequences that can run at a time, besides what the engine's options say. */
  default int maxSequences() {
    return Integer.MAX_VALUE;
  }

  /** The type that prompt embeddings are converted to. */
  default DType inputType() {
    return DType.FLOAT32;
  }

  /**
   * Computes one step: the moves in order, then the chunks.
   *
   * <p>A step that fails may have done any part of its moves and may have written slots that its
   * chunks were to write, but no others: everything else in the arena must be as before, for the
   * step is planned again in another form.
   *
   * @throws DeviceMemoryException if a smaller step may succeed; the engine then halves its budget
   * @throws RuntimeException for any other failure, after which the engine only calls {@link
   *     #close}
   */
  StepResult step(StepPlan plan);

  @Override
  void close();
}
