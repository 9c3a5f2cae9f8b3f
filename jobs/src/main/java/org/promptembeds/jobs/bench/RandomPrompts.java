package org.promptembeds.jobs.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * Prompts of random embeddings, of which no two begin alike, in memory that does not grow with
 * their number: each is a window on one long random text.
 */
public final class RandomPrompts implements Prompts {
  /** Windows begin at so many different places. */
  private static final int STARTS = 4_096;

  private static final float DEVIATION = 0.02F;

  private final int hiddenSize;
  private final ByteBuffer text; // float32 (longest + STARTS, hidden_size)

  /** Prompts of at most {@code longest} positions. */
  public RandomPrompts(int hiddenSize, int longest, long seed) {
    this.hiddenSize = hiddenSize;
    int elements = Math.multiplyExact(Math.addExact(longest, STARTS), hiddenSize);
    this.text =
        ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < elements; i++) {
      text.putFloat(i * Float.BYTES, (random.nextFloat() * 2 - 1) * DEVIATION);
    }
  }

  /** In float32. */
  @Override
  public Tensor of(int index, int positions) {
    int start = Math.floorMod(index * 1_597, STARTS); // odd, so that it visits every place
    ByteBuffer window =
        text.slice(start * hiddenSize * Float.BYTES, positions * hiddenSize * Float.BYTES);
    return Tensor.of(DType.FLOAT32, window, positions, hiddenSize);
  }
}
