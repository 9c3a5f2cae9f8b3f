package org.promptembeds.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Direct memory that is used again from step to step and grows when a step needs more. */
final class StagingBuffer {
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);

  /** An empty buffer of exactly {@code bytes}, little-endian; the one given before is void. */
  ByteBuffer take(long bytes) {
    if (bytes > memory.capacity()) {
      long grown = Math.min(Integer.MAX_VALUE, Math.max(bytes, 2L * memory.capacity()));
      if (bytes > grown) {
        throw new IllegalArgumentException(
            "a step needs %d bytes of input, more than %d; lower maxStepTokens"
                .formatted(bytes, Integer.MAX_VALUE));
      }

      memory = ByteBuffer.allocateDirect((int) grown);
    }

    return memory.slice(0, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
