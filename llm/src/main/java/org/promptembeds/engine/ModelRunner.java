package org.promptembeds.engine;

import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.DType;

/**
 * A model on a device. Confined to one thread at a time; keeps no state of sequences besides the
 * contents of the KV arena and of the cells for recurrent state.
 *
 * <p>Steps run in the order in which they are submitted, each as if the one before had ended.
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
   * The adapter that rows ask for by a name. Called by any thread, which may have to wait.
   *
   * @throws InvalidRequestException if there is none, or it does not fit
   */
  default Adapter adapter(String name) {
    throw new InvalidRequestException(
        "lora '%s': this model takes no adapters, leave lora out".formatted(name));
  }

  /** Bytes that the adapters of all running rows may take together. */
  default long adapterBytes() {
    return 0;
  }

  /**
   * Most steps worth to be under way at a time: 2 if the device has something to do while the host
   * looks at the tokens of the step before, 1 if that gains nothing.
   */
  default int depth() {
    return 1;
  }

  /**
   * Starts one step: the moves in order, then the chunks. No more than {@link #depth} steps are
   * under way at a time; a runner of depth 1 may leave all work to {@link PendingStep#await}.
   *
   * <p>A step that fails, here or when it is awaited, may have done any part of its moves and may
   * have written slots and cells that its chunks were to write, but no others: everything else in
   * the arena must be as before, for the step is planned again in another form. One that was
   * submitted behind it does nothing at all and is not awaited.
   *
   * @throws DeviceMemoryException if a smaller step may succeed; the engine then halves its budget
   * @throws AdapterException if an adapter cannot be put on the device; its rows then end
   * @throws RuntimeException for any other failure, after which the engine only calls {@link
   *     #close}
   */
  PendingStep submit(StepPlan plan);

  /** Computes one step. */
  default StepResult step(StepPlan plan) {
    return submit(plan).await();
  }

  /** Ends what is under way, and frees the device. */
  @Override
  void close();
}
