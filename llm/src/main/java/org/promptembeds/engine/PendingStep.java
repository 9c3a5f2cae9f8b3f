package org.promptembeds.engine;

/** A step that was submitted to a {@link ModelRunner} and may be under way. */
@FunctionalInterface
public interface PendingStep {
  /**
   * Waits until the step has ended; to be called once, by the thread that submitted it.
   *
   * @throws DeviceMemoryException if a smaller step may succeed
   * @throws RuntimeException for any other failure
   */
  StepResult await();
}
