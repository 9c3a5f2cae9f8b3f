package org.promptembeds.generation;

import java.nio.ByteBuffer;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** The seed of a row that has none: derived from its content, so that equal rows get equal text. */
public final class ContentSeed {
  private static final long INITIAL = 0x9E3779B97F4A7C15L;

  private ContentSeed() {}

  /**
   * A hash of the shape and of the elements as float32, eight bytes at a time: a row has the same
   * seed in whichever type it comes.
   */
  public static long of(Tensor tensor) {
    long hash = INITIAL;
    for (long size : tensor.shape()) {
      hash = mix(hash ^ size);
    }

    ByteBuffer data = tensor.convert(DType.FLOAT32).data();
    int words = data.limit() & -Long.BYTES;
    int i = 0;
    for (; i < words; i += Long.BYTES) {
      hash = (hash ^ data.getLong(i)) * 0x9FB21C651E98DF25L;
      hash ^= hash >>> 29;
    }

    for (; i < data.limit(); i++) {
      hash = mix(hash ^ data.get(i));
    }

    return mix(hash);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
