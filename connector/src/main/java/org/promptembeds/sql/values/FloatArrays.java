package org.promptembeds.sql.values;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.unsafe.Platform;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.Tensor;

/**
 * Copies Catalyst arrays of numbers into little-endian float32 bytes and back, in bulk and without
 * boxing.
 */
public final class FloatArrays {
  private FloatArrays() {}

  /** Room for {@code count} floats. */
  public static byte[] allocate(long count) {
    if (count * Float.BYTES > Integer.MAX_VALUE - 16) {
      throw new InvalidRequestException(
          "embeddings of %d values need more than 2 GiB".formatted(count));
    }

    return new byte[(int) count * Float.BYTES];
  }

  /** The elements of {@code tensor}, of a floating-point type, as Catalyst holds them. */
  public static ArrayData toCatalyst(Tensor tensor) {
    long count = tensor.elementCount();
    int header = UnsafeArrayData.calculateHeaderPortionInBytes((int) count);
    byte[] bytes = allocate(header / Float.BYTES + count + count % 2); // whole longs
    Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET, count);
    tensor.writeFloats(view(bytes, header));
    UnsafeArrayData array = new UnsafeArrayData();
    array.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
    return array;
  }

  /** Copies {@code numbers}, which have no NULL elements or are refused, to {@code offset}. */
  static void copy(ArrayData numbers, DataType elements, byte[] target, int offset) {
    requireNoNulls(numbers);
    if (elements instanceof DecimalType decimal) {
      roundDecimals(numbers, decimal, target, offset);
    } else if (elements instanceof DoubleType) {
      roundDoubles(numbers, target, offset);
    } else {
      copyFloats(numbers, target, offset);
    }
  }

  private static void copyFloats(ArrayData floats, byte[] target, int offset) {
    int count = floats.numElements();
    if (floats instanceof UnsafeArrayData unsafe) {
      long header = UnsafeArrayData.calculateHeaderPortionInBytes((long) count);
      Platform.copyMemory(
          unsafe.getBaseObject(),
          unsafe.getBaseOffset() + header,
          target,
          Platform.BYTE_ARRAY_OFFSET + offset,
          (long) count * Float.BYTES);
    } else {
      view(target, offset).put(floats.toFloatArray());
    }
  }

  private static void roundDoubles(ArrayData doubles, byte[] target, int offset) {
    FloatBuffer view = view(target, offset);
    for (double value : doubles.toDoubleArray()) {
      view.put((float) value);
    }
  }

  private static void roundDecimals(
      ArrayData decimals, DecimalType type, byte[] target, int offset) {
    FloatBuffer view = view(target, offset);
    for (int i = 0; i < decimals.numElements(); i++) {
      view.put(decimals.getDecimal(i, type.precision(), type.scale()).toFloat());
    }
  }

  private static FloatBuffer view(byte[] target, int offset) {
    return ByteBuffer.wrap(target, offset, target.length - offset)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  static void requireNoNulls(ArrayData array) {
    int count = array.numElements();
    if (array instanceof UnsafeArrayData unsafe && !hasNulls(unsafe)) {
      return;
    }

    for (int i = 0; i < count; i++) {
      if (array.isNullAt(i)) {
        throw new InvalidRequestException("embeddings hold NULL at index " + i);
      }
    }
  }

  /** Looks at the null bits, 64 at a time. */
  private static boolean hasNulls(UnsafeArrayData array) {
    int words = (array.numElements() + 63) / 64;
    for (int i = 0; i < words; i++) {
      if (Platform.getLong(array.getBaseObject(), array.getBaseOffset() + 8 + 8L * i) != 0) {
        return true;
      }
    }

    return false;
  }
}
