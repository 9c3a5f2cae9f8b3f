package org.promptembeds.tensor;

import java.nio.ByteBuffer;

/** The search for finite elements that become infinite in a narrower floating-point type. */
public final class Overflow {
  // Half a unit in the last place above the largest finite number: what rounds to infinity.
  private static final double LEAST_FLOAT16 = 65520;
  private static final double LEAST_BFLOAT16 = 0x1.FFp127;
  private static final double LEAST_FLOAT32 = 0x1.FFFFFFp127;

  private Overflow() {}

  /**
   * Index of the first element whose magnitude {@code target} cannot hold; -1 if none is.
   *
   * @param tensor of a floating-point type, without NaN
   * @param target a floating-point type
   */
  public static long firstIndex(Tensor tensor, DType target) {
    double least = leastOverflow(target);
    ByteBuffer data = tensor.data();
    return switch (tensor.dtype()) {
      case FLOAT64 -> target == DType.FLOAT64 ? -1 : firstDouble(data, least);
      case FLOAT32 ->
          target == DType.FLOAT64 || target == DType.FLOAT32 ? -1 : firstFloat(data, least);
      case BFLOAT16 -> target == DType.FLOAT16 ? firstBfloat16(data, least) : -1;
      case FLOAT16 -> -1;
      case INT64, INT32, INT16, INT8, UINT8, BOOL ->
          throw new IllegalArgumentException(tensor.dtype() + " is not a floating-point type");
    };
  }

  private static double leastOverflow(DType target) {
    return switch (target) {
      case FLOAT64 -> Double.POSITIVE_INFINITY;
      case FLOAT32 -> LEAST_FLOAT32;
      case FLOAT16 -> LEAST_FLOAT16;
      case BFLOAT16 -> LEAST_BFLOAT16;
      case INT64, INT32, INT16, INT8, UINT8, BOOL ->
          throw new IllegalArgumentException(target + " is not a floating-point type");
    };
  }

  private static long firstDouble(ByteBuffer data, double least) {
    for (int i = 0; i < data.limit(); i += Double.BYTES) {
      if (Math.abs(data.getDouble(i)) >= least) {
        return i / Double.BYTES;
      }
    }

    return -1;
  }

  private static long firstFloat(ByteBuffer data, double least) {
    // Magnitudes of floats are in the order of their bits.
    int leastBits = Float.floatToRawIntBits((float) least);
    for (int i = 0; i < data.limit(); i += Float.BYTES) {
      if ((data.getInt(i) & Integer.MAX_VALUE) >= leastBits) {
        return i / Float.BYTES;
      }
    }

    return -1;
  }

  private static long firstBfloat16(ByteBuffer data, double least) {
    int leastBits = Float.floatToRawIntBits((float) least) >>> 16;
    for (int i = 0; i < data.limit(); i += Short.BYTES) {
      if ((data.getShort(i) & Short.MAX_VALUE) > leastBits) {
        return i / Short.BYTES;
      }
    }

    return -1;
  }
}
