package org.promptembeds.model.weights;

import org.promptembeds.generation.BackendException;
import org.promptembeds.tensor.FloatBits;

/** The elements of a floating-point weight, one by one; safe for use by many threads. */
public final class WeightNumbers {
  private final WeightBytes bytes;
  private final Weight weight;

  /**
   * Maps a weight.
   *
   * @throws BackendException if its elements are no floating-point numbers that can be read
   */
  public WeightNumbers(Weight weight) {
    if (!weight.isFloat()) {
      throw new BackendException(
          "weight %s has elements of type %s, where floating-point numbers are needed: convert the model again"
              .formatted(weight.name(), weight.typeName()));
    }

    this.weight = weight;
    this.bytes = new WeightBytes(weight);
  }

  /** The element at a position, row by row. */
  public float get(long index) {
    return switch (weight.dtype()) {
      case FLOAT32 -> Float.intBitsToFloat(bytes.getInt(index * 4));
      case FLOAT64 -> (float) Double.longBitsToDouble(twoInts(index * 8));
      case FLOAT16 -> FloatBits.fromHalf(bytes.getShort(index * 2));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
      case INT64, INT32, INT16, INT8, UINT8, BOOL ->
          throw new IllegalStateException(weight.name() + " holds no floating-point numbers");
    };
  }

  private long twoInts(long index) {
    return (bytes.getInt(index) & 0xffffffffL) | ((long) bytes.getInt(index + 4) << 32);
  }
}
