package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A dense, row-major, little-endian tensor in host memory.
 *
 * <p>The bytes are shared, not copied: whoever makes a tensor gives them away.
 */
public final class Tensor {
  private final DType dtype;
  private final long[] shape;
  private final ByteBuffer data;

  private Tensor(DType dtype, long[] shape, ByteBuffer data) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  /**
   * A tensor over the remaining bytes of {@code data}.
   *
   * @throws IllegalArgumentException if the bytes do not match {@code shape}
   */
  public static Tensor of(DType dtype, ByteBuffer data, long... shape) {
    long expected = Math.multiplyExact(elementCount(shape), (long) dtype.bytes());
    if (data.remaining() != expected) {
      throw new IllegalArgumentException(
          "a tensor of shape %s and type %s has %d bytes, got %d"
              .formatted(Arrays.toString(shape), dtype, expected, data.remaining()));
    }

    return new Tensor(dtype, shape.clone(), data.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** A float32 tensor holding a copy of {@code values}. */
  public static Tensor ofFloats(float[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return of(DType.FLOAT32, data, shape);
  }

  /** Product of the sizes in {@code shape}. */
  public static long elementCount(long... shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in shape " + Arrays.toString(shape));
      }

      count = Math.multiplyExact(count, size);
    }

    return count;
  }

  public DType dtype() {
    return dtype;
  }

  public long[] shape() {
    return shape.clone();
  }

  /** Number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Size of dimension {@code axis}. */
  public long size(int axis) {
    return shape[axis];
  }

  public long elementCount() {
    return data.remaining() / dtype.bytes();
  }

  /** Size of the elements, in bytes. */
  public int byteCount() {
    return data.remaining();
  }

  /**
   * The elements as float32: exact from the 16-bit types, rounded to nearest from float64.
   *
   * @throws IllegalArgumentException if the elements are not floating-point numbers
   */
  public float[] toFloats() {
    return TensorConversion.toFloats(this);
  }

  /**
   * This tensor with elements of the floating-point type {@code target}, each the nearest to its
   * original, ties to even; itself if it has that type.
   *
   * @throws IllegalArgumentException if either type is not a floating-point type
   */
  public Tensor convert(DType target) {
    return dtype == target ? this : TensorConversion.convert(this, target);
  }

  /** The elements, little-endian, as a read-only view of its own position. */
  public ByteBuffer data() {
    return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public String toString() {
    return "Tensor[" + dtype + ", " + Arrays.toString(shape) + "]";
  }
}
