package org.promptembeds.generation;

import java.nio.ByteBuffer;
import org.promptembeds.tensor.Tensor;

/** The seed of a row that has none: derived from its content, so that equal rows get equal text. */
public final class ContentSeed {
  private ContentSeed() {}

  /** A hash of type, shape and bytes, eight bytes at a time. */
  public static long of(Tensor tensor) {
    long hash = tensor.dtype().bytes() * 31L + tensor.dtype().safetensorsName().hashCode();
    for (long size : tensor.shape()) {
      hash = mix(hash ^ size);
    }

    ByteBuffer data = tensor.data();
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
