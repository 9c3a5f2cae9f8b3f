package org.promptembeds.torch.cuda;

/**
 * A mark behind what a GPU was last asked to do: when that is done, memory of the host that it
 * reads is free again. One thread raises it, others may wait.
 */
public interface CopyFence extends AutoCloseable {
  /** For a GPU, by its number as PyTorch counts; its kernels must be loaded. */
  static CopyFence onDevice(int device) {
    return new EventFence(Gpu.of(device));
  }

  /** Puts the mark behind all that this thread has submitted through PyTorch. */
  void raise();

  /** Waits for what is before the mark; returns at once if it was never raised. */
  void await();

  @Override
  void close();
}
