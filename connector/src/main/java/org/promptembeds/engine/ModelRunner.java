package org.promptembeds.engine;

/**
 * A model on a device. Confined to one thread at a time; keeps no state of sequences besides the
 * contents of the KV arena.
 */
public interface ModelRunner extends AutoCloseable {
  ModelLimits limits();

  /**
   * Computes one step. A step that fails may have written the slots that it was to write, and no
   * others, so it can be tried again.
   *
   * @throws DeviceMemoryException if a smaller step may succeed
   */
  StepResult step(StepPlan plan);

  @Override
  void close();
}
