package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.promptembeds.torch.cuda.PageLock;

/** Direct memory that is used again from step to step and grows when a step needs more. */
final class StagingBuffer implements AutoCloseable {
  /** Memory is locked page by page, so that locked buffers share none. */
  private static final int PAGE = 4096;

  private final @Nullable PageLock pageLock;
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);
  private boolean locked;

  /**
   * An empty buffer.
   *
   * @param pageLock locks it; null if no GPU reads it
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
      memory = pageLock == null ? ByteBuffer.allocateDirect((int) grown) : pages(grown);
      locked = pageLock != null && pageLock.lock(memory);
    }

    return memory.slice(0, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer pages(long bytes) {
    long whole = Math.min((bytes + PAGE - 1) / PAGE * PAGE, Integer.MAX_VALUE / PAGE * PAGE - PAGE);
    ByteBuffer memory = ByteBuffer.allocateDirect((int) Math.max(whole, bytes) + PAGE);
    return memory.alignedSlice(PAGE).slice(0, (int) Math.max(whole, bytes));
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
