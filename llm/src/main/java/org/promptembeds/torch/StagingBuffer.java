package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.promptembeds.torch.cuda.PageLock;

/** Direct memory that is used again from step to step and grows when a step needs more. */
final class StagingBuffer implements AutoCloseable {
  /** Less is copied as fast without. */
  private static final int LEAST_LOCKED_BYTES = 64 << 10;

  private final @Nullable PageLock pageLock;
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);
  private boolean locked;

  /**
   * An empty buffer.
   *
   * @param pageLock locks it if it is large; null if no GPU reads it
   */
  StagingBuffer(@Nullable PageLock pageLock) {
    this.pageLock = pageLock;
  }

  /** An empty buffer of exactly {@code bytes}, little-endian; the one given before is void. */
  ByteBuffer take(long bytes) {
    if (bytes > memory.capacity()) {
      long grown = Math.min(Integer.MAX_VALUE, Math.max(bytes, 2L * memory.capacity()));
      if (bytes > grown) {
        throw new IllegalArgumentException(
            "a step needs %d bytes of input, more than %d; lower maxStepTokens"
                .formatted(bytes, Integer.MAX_VALUE));
      }

      close();
      memory = ByteBuffer.allocateDirect((int) grown);
      locked = pageLock != null && grown >= LEAST_LOCKED_BYTES && pageLock.lock(memory);
    }

    return memory.slice(0, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Gives the memory up; what was taken of it is void. */
  @Override
  public void close() {
    if (locked && pageLock != null) {
      pageLock.unlock(memory);
    }

    locked = false;
    memory = ByteBuffer.allocateDirect(0);
  }
}
