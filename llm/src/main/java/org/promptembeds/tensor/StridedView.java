package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Elements of a buffer in any layout, made row-major; strides and offset count elements.
 *
 * @param data the buffer, little-endian
 * @param offset the first element
 */
record StridedView(DType dtype, ByteBuffer data, long offset, long[] sizes, long[] strides) {
  static final int MAX_RANK = 8;

  /** Strides of a row-major tensor. */
  static long[] rowMajor(long[] sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(sizes[axis], 1);
    }

    return strides;
  }

  /** Strides of a column-major (Fortran) tensor. */
  static long[] columnMajor(long[] sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      strides[axis] = stride;
      stride *= Math.max(sizes[axis], 1);
    }

    return strides;
  }

  /**
   * The row-major tensor: a slice of the buffer if it is row-major there, otherwise a copy, which
   * has more bytes than the buffer only where elements are repeated, by strides of 0.
   *
   * @param beforeCopy told how many bytes a copy takes, before it is made; refuses by throwing
   * @throws TensorFormatException if an element is outside of the buffer
   */
  Tensor toTensor(String source, LongConsumer beforeCopy) {
    int bytes = check(source);
    if (bytes == 0) { // wherever its offset and strides point to
      return Tensor.of(dtype, ByteBuffer.allocate(0), sizes);
    }

    if (isRowMajor()) {
      int start = Math.toIntExact(offset * dtype.bytes());
      return Tensor.of(dtype, data.slice(start, bytes), sizes);
    }

    beforeCopy.accept(bytes);
    ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    copy(0, offset, copy);
    return Tensor.of(dtype, copy.flip(), sizes);
  }

  /** Checks the layout against the buffer and returns the number of bytes of the tensor. */
  private int check(String source) {
    if (sizes.length > MAX_RANK || sizes.length != strides.length) {
      throw problem(source, "at most %d dimensions, each with a stride".formatted(MAX_RANK));
    }

    if (offset < 0 || Arrays.stream(sizes).anyMatch(size -> size < 0)) {
      throw problem(source, "a negative size or offset");
    }

    if (Arrays.stream(strides).anyMatch(stride -> stride < 0)) {
      throw problem(source, "negative strides are not read");
    }

    long present = data.remaining() / dtype.bytes();
    try {
      int bytes = Math.toIntExact(Math.multiplyExact(Tensor.elementCount(sizes), dtype.bytes()));
      long last = offset;
      for (int axis = 0; axis < sizes.length; axis++) {
        last = Math.addExact(last, Math.multiplyExact(Math.max(sizes[axis] - 1, 0), strides[axis]));
      }

      if (bytes > 0 && last >= present) {
        throw problem(
            source, "elements up to index %d, but there are only %d".formatted(last, present));
      }

      return bytes;
    } catch (ArithmeticException e) {
      throw new TensorFormatException(
          source, layout() + " is too large: at most %d bytes".formatted(Integer.MAX_VALUE), e);
    }
  }

  private TensorFormatException problem(String source, String problem) {
    return new TensorFormatException(source, layout() + ": " + problem);
  }

  private String layout() {
    return "a tensor of sizes %s, strides %s and offset %d"
        .formatted(shown(sizes), shown(strides), offset);
  }

  private static String shown(long[] values) {
    return values.length <= MAX_RANK ? Arrays.toString(values) : values.length + " dimensions";
  }

  private boolean isRowMajor() {
    long[] expected = rowMajor(sizes);
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] > 1 && strides[axis] != expected[axis]) {
        return false;
      }
    }

    return true;
  }

  private void copy(int axis, long first, ByteBuffer target) {
    if (axis == sizes.length - 1) {
      copyRow((int) first, (int) sizes[axis], (int) strides[axis], target);
      return;
    }

    for (long i = 0; i < sizes[axis]; i++) {
      copy(axis + 1, first + i * strides[axis], target);
    }
  }

  private void copyRow(int first, int elements, int stride, ByteBuffer target) {
    int bytes = dtype.bytes();
    if (stride == 1) {
      target.put(target.position(), data, first * bytes, elements * bytes);
      target.position(target.position() + elements * bytes);
      return;
    }

    for (int i = 0, from = first * bytes; i < elements; i++, from += stride * bytes) {
      switch (bytes) {
        case 8 -> target.putLong(data.getLong(from));
        case 4 -> target.putInt(data.getInt(from));
        case 2 -> target.putShort(data.getShort(from));
        default -> target.put(data.get(from));
      }
    }
  }
}
