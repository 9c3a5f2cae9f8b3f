package org.promptembeds.tensor;

import java.nio.ByteBuffer;

/** The search for elements that are no finite numbers: eight bytes at a time, without boxing. */
public final class NonFinite {
  /** Bytes looked at between two looks at the outcome of {@link #firstIndex}. */
  private static final int BLOCK_BYTES = 8192;

  private NonFinite() {}

  /**
   * Index of the first element that is NaN or infinite; -1 if none is.
   *
   * @param tensor of a floating-point type
   */
  public static long firstIndex(Tensor tensor) {
    Exponent exponent = Exponent.of(tensor.dtype());
    ByteBuffer data = tensor.data();
    int words = data.limit() & -Long.BYTES;
    for (int block = 0; block < words; block += BLOCK_BYTES) {
      int end = Math.min(words, block + BLOCK_BYTES);
      long carries = 0;
      for (int i = block; i < end; i += Long.BYTES) {
        carries |= (data.getLong(i) & exponent.mask) + exponent.unit;
      }

      if ((carries & exponent.carry) != 0) {
        return exponent.firstFull(data, block, end);
      }
    }

    return exponent.firstFull(data, words, data.limit());
  }

  /**
   * Where the exponents are in eight bytes of elements. An element is NaN or infinite exactly if
   * its exponent is all ones; adding the exponent's lowest bit then carries into the sign bit,
   * which the mask has cleared, and never further.
   */
  private enum Exponent {
    OF_FLOAT64(8, 0x7FF0000000000000L, 0x0010000000000000L),
    OF_FLOAT32(4, 0x7F8000007F800000L, 0x0080000000800000L),
    OF_FLOAT16(2, 0x7C007C007C007C00L, 0x0400040004000400L),
    OF_BFLOAT16(2, 0x7F807F807F807F80L, 0x0080008000800080L);

    private final int bytes;
    private final long mask;
    private final long unit;
    private final long carry;

    Exponent(int bytes, long mask, long unit) {
      this.bytes = bytes;
      this.mask = mask;
      this.unit = unit;
      this.carry = mask + unit;
    }

    static Exponent of(DType dtype) {
      return switch (dtype) {
        case FLOAT64 -> OF_FLOAT64;
        case FLOAT32 -> OF_FLOAT32;
        case FLOAT16 -> OF_FLOAT16;
        case BFLOAT16 -> OF_BFLOAT16;
        case INT64, INT32, INT16, INT8, UINT8, BOOL ->
            throw new IllegalArgumentException(dtype + " is not a floating-point type");
      };
    }

    /** Index of the first element in the bytes [from, to) with a full exponent; -1 if none has. */
    private long firstFull(ByteBuffer data, int from, int to) {
      for (int i = from; i < to; i += bytes) {
        long element =
            switch (this) {
              case OF_FLOAT64 -> data.getLong(i);
              case OF_FLOAT32 -> data.getInt(i);
              case OF_FLOAT16, OF_BFLOAT16 -> data.getShort(i);
            };
        // The mask of the lowest element; sign extension above it does no harm.
        long own = mask & (-1L >>> (Long.SIZE - 8 * bytes));
        if ((element & own) == own) {
          return i / bytes;
        }
      }

      return -1;
    }
  }
}
