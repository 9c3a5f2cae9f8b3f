package org.promptembeds.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Where the lists of one field of a record batch begin and end among its child's values. */
final class ArrowListLevel {
  private final @Nullable ByteBuffer validity;
  private final @Nullable ByteBuffer offsets;
  private final boolean isLarge;
  private final int fixedSize;

  private ArrowListLevel(
      @Nullable ByteBuffer validity, @Nullable ByteBuffer offsets, boolean isLarge, int fixedSize) {
    this.validity = validity;
    this.offsets = offsets;
    this.isLarge = isLarge;
    this.fixedSize = fixedSize;
  }

  static boolean isList(ArrowType type) {
    return type instanceof ArrowType.List
        || type instanceof ArrowType.LargeList
        || type instanceof ArrowType.FixedSizeList;
  }

  /** Reads the offsets and the validity of a list field. */
  static ArrowListLevel read(ArrowField field, ArrowRecords records, BufferAllocator allocator)
      throws IOException {
    ByteBuffer validity = validity(field, records, allocator);
    if (field.field().getType() instanceof ArrowType.FixedSizeList fixed) {
      return new ArrowListLevel(validity, null, false, fixed.getListSize());
    }

    boolean isLarge = field.field().getType() instanceof ArrowType.LargeList;
    long maxBytes = (records.valueCount(field) + 8) * Long.BYTES;
    ByteBuffer offsets = records.whole(field.buffer() + 1, maxBytes, allocator);
    long needed = (records.valueCount(field) + 1) * (isLarge ? Long.BYTES : Integer.BYTES);
    if (records.valueCount(field) > 0 && offsets.remaining() < needed) {
      throw new IllegalArgumentException(
          "field %s has %d bytes of offsets, its %d lists need %d"
              .formatted(
                  field.field().getName(), offsets.remaining(), records.valueCount(field), needed));
    }

    return new ArrowListLevel(validity, offsets, isLarge, 0);
  }

  /** The bits that say which values are not NULL; null if all are. */
  static @Nullable ByteBuffer validity(
      ArrowField field, ArrowRecords records, BufferAllocator allocator) throws IOException {
    return records.hasNulls(field) && records.storedBytes(field.buffer()) > 0
        ? records.whole(field.buffer(), records.valueCount(field) / 8 + 64, allocator)
        : null;
  }

  static boolean isNull(@Nullable ByteBuffer validity, long index) {
    return validity != null && (validity.get((int) (index >>> 3)) >> (index & 7) & 1) == 0;
  }

  boolean isNull(long index) {
    return isNull(validity, index);
  }

  /** Index of the first value of a list. */
  long start(long index) {
    ByteBuffer known = offsets;
    if (known == null) {
      return index * fixedSize;
    }

    return isLarge
        ? known.getLong(Math.toIntExact(index * Long.BYTES))
        : known.getInt(Math.toIntExact(index * Integer.BYTES));
  }

  /** One past the last value of a list. */
  long end(long index) {
    return start(index + 1);
  }
}
