package org.promptembeds.source;

import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;

/**
 * Checks loaded vectors, so that reading them neither leaves their buffers nor asks for memory that
 * a forged offset makes up. (Arrow's own validation refuses every map.)
 */
final class ArrowVectorCheck {
  private ArrowVectorCheck() {}

  /**
   * Checks a vector and those below it.
   *
   * @throws IllegalArgumentException naming the vector
   */
  static void check(FieldVector vector) {
    int count = vector.getValueCount();
    if (vector instanceof BaseVariableWidthVector strings) {
      ArrowBuf offsets = strings.getOffsetBuffer();
      checkOffsets(
          vector, i -> offsets.getInt(i * Integer.BYTES), strings.getDataBuffer().capacity());
    } else if (vector instanceof BaseLargeVariableWidthVector strings) {
      ArrowBuf offsets = strings.getOffsetBuffer();
      checkOffsets(
          vector, i -> offsets.getLong(i * Long.BYTES), strings.getDataBuffer().capacity());
    } else if (vector instanceof ListVector lists) {
      ArrowBuf offsets = lists.getOffsetBuffer();
      checkOffsets(
          vector, i -> offsets.getInt(i * Integer.BYTES), lists.getDataVector().getValueCount());
    } else if (vector instanceof BaseFixedWidthVector numbers) {
      long bits = vector instanceof BitVector ? 1 : (long) numbers.getTypeWidth() * Byte.SIZE;
      if (numbers.getDataBuffer().capacity() * Byte.SIZE < bits * count) {
        throw new IllegalArgumentException(
            "column %s has too few bytes for %d values".formatted(vector.getName(), count));
      }
    }

    vector.getChildrenFromFields().forEach(ArrowVectorCheck::check);
  }

  private static void checkOffsets(FieldVector vector, LongUnaryOperator offset, long bound) {
    long before = 0;
    for (long i = 0; vector.getValueCount() > 0 && i <= vector.getValueCount(); i++) {
      long at = offset.applyAsLong(i);
      if (at < before || at > bound) {
        throw new IllegalArgumentException(
            "column %s: offset %d after %d, the values end at %d"
                .formatted(vector.getName(), at, before, bound));
      }

      before = at;
    }
  }
}
