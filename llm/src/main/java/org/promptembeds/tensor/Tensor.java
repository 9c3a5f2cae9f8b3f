package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
   * Writes the elements as float32, as {@link #toFloats} has them, to {@code target}.
   *
   * @throws IllegalArgumentException if the elements are not floating-point numbers
   */
  public void writeFloats(FloatBuffer target) {
    TensorConversion.writeFloats(this, target);
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

  /**
   * Number of rows, along the first dimension, that this tensor and {@code other} both begin with,
   * bit for bit; 0 if type or size of a row differ.
   */
  public int commonRows(Tensor other) {
    if (dtype != other.dtype
        || shape.length == 0
        || shape.length != other.shape.length
        || !Arrays.equals(shape, 1, shape.length, other.shape, 1, shape.length)) {
      return 0;
    }

    int rowBytes = rowBytes();
    int mismatch = data.mismatch(other.data);
    int rows = (int) Math.min(shape[0], other.shape[0]);
    return rowBytes == 0 || mismatch < 0 ? rows : Math.min(rows, mismatch / rowBytes);
  }

  /**
   * Whether this tensor and another have a row at an index of the first dimension, the same bytes.
   */
  public boolean sameRow(Tensor other, int row) {
    if (dtype != other.dtype
        || row >= Math.min(shape[0], other.shape[0])
        || !Arrays.equals(shape, 1, shape.length, other.shape, 1, other.shape.length)) {
      return false;
    }

    int bytes = rowBytes();
    return data.slice(row * bytes, bytes).equals(other.data.slice(row * bytes, bytes));
  }

  /** A tensor with a copy of the first {@code rows} rows along the first dimension. */
  public Tensor copyOfRows(int rows) {
    byte[] bytes = new byte[Math.multiplyExact(rows, rowBytes())];
    data.get(0, bytes);
    return ofRows(ByteBuffer.wrap(bytes), rows);
  }

  /** The last {@code rows} rows along the first dimension, which share this tensor's elements. */
  public Tensor lastRows(int rows) {
    int bytes = Math.multiplyExact(rows, rowBytes());
    return ofRows(data.slice(data.limit() - bytes, bytes), rows);
  }

  private Tensor ofRows(ByteBuffer elements, int rows) {
    long[] newShape = shape.clone();
    newShape[0] = rows;
    return of(dtype, elements, newShape);
  }

  private int rowBytes() {
    return shape[0] == 0 ? 0 : (int) (data.remaining() / shape[0]);
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
