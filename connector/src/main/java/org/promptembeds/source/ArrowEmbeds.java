package org.promptembeds.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * The embeddings of a record batch: lists of floats, or lists of lists of floats of equal length;
 * variable, large or of fixed size.
 */
final class ArrowEmbeds {
  /** Metadata key of a field whose 16-bit integers are the bits of another type. */
  static final String DTYPE_KEY = "promptembeds.dtype";

  private final ArrowRecords records;
  private final BufferAllocator allocator;
  private final ArrowListLevel outer;
  private final @Nullable ArrowListLevel inner;
  private final ArrowField elements;
  private final DType dtype;
  private final @Nullable ByteBuffer elementValidity;
  private @Nullable ByteBuffer decompressed;

  /**
   * Elements of a row.
   *
   * @param seqLen vectors, if the lists are nested
   * @param hiddenSize length of a vector, if the lists are nested and not empty
   */
  record Extent(long start, long end, @Nullable Integer seqLen, @Nullable Integer hiddenSize) {
    long count() {
      return end - start;
    }
  }

  private ArrowEmbeds(
      ArrowField column, ArrowField elements, ArrowRecords records, BufferAllocator allocator)
      throws IOException {
    this.records = records;
    this.allocator = allocator;
    this.elements = elements;
    this.dtype = elementType(elements.field());
    this.outer = ArrowListLevel.read(column, records, allocator);
    ArrowField child = column.children().get(0);
    this.inner =
        ArrowListLevel.isList(child.field().getType())
            ? ArrowListLevel.read(child, records, allocator)
            : null;
    this.elementValidity = ArrowListLevel.validity(elements, records, allocator);
  }

  /**
   * The embeddings of a record batch.
   *
   * @throws IllegalArgumentException if the column's type is none that can hold embeddings
   */
  static ArrowEmbeds of(ArrowField column, ArrowRecords records, BufferAllocator allocator)
      throws IOException {
    return new ArrowEmbeds(column, elements(column), records, allocator);
  }

  private static ArrowField elements(ArrowField column) {
    ArrowField field = column;
    for (int depth = 0; depth < 2 && ArrowListLevel.isList(field.field().getType()); depth++) {
      field = field.children().get(0);
    }

    if (!ArrowListLevel.isList(column.field().getType())
        || column.field().getDictionary() != null) {
      throw new IllegalArgumentException(
          "column %s must be a list of floats, or a list of lists of floats, it is %s"
              .formatted(column.field().getName(), column.field()));
    }

    elementType(field.field());
    return field;
  }

  private static DType elementType(Field field) {
    if (field.getType() instanceof ArrowType.FloatingPoint floats) {
      return switch (floats.getPrecision()) {
        case HALF -> DType.FLOAT16;
        case SINGLE -> DType.FLOAT32;
        case DOUBLE -> DType.FLOAT64;
      };
    }

    if (field.getType() instanceof ArrowType.Int integer
        && integer.getBitWidth() == 16
        && DType.BFLOAT16.name().equalsIgnoreCase(field.getMetadata().get(DTYPE_KEY))) {
      return DType.BFLOAT16;
    }

    throw new IllegalArgumentException(
        "elements of embeddings must be floating-point numbers, they are " + field.getType());
  }

  boolean isNull(int row) {
    return outer.isNull(row);
  }

  /** Bytes of a row, however malformed. */
  long byteCount(int row) {
    long count = outer.end(row) - outer.start(row);
    ArrowListLevel lists = inner;
    if (lists != null && count > 0) {
      count = lists.start(outer.end(row)) - lists.start(outer.start(row));
    }

    return Math.max(0, count) * dtype.bytes();
  }

  /**
   * The elements of a row that is not NULL.
   *
   * @throws IllegalArgumentException if there are NULLs in it, or vectors differ in length
   */
  Extent extent(int row) {
    long first = outer.start(row);
    long last = outer.end(row);
    ArrowListLevel lists = inner;
    if (lists == null) {
      return checked(new Extent(first, last, null, null));
    }

    int seqLen = Math.toIntExact(last - first);
    if (seqLen == 0) {
      return new Extent(0, 0, 0, null);
    }

    long hiddenSize = lists.end(first) - lists.start(first);
    for (long i = first; i < last; i++) {
      if (lists.isNull(i)) {
        throw new IllegalArgumentException("vector %d is NULL".formatted(i - first));
      }

      if (lists.end(i) - lists.start(i) != hiddenSize) {
        throw new IllegalArgumentException(
            "vectors differ in length: vector 0 has %d elements, vector %d has %d"
                .formatted(hiddenSize, i - first, lists.end(i) - lists.start(i)));
      }
    }

    return checked(
        new Extent(lists.start(first), lists.end(last - 1), seqLen, Math.toIntExact(hiddenSize)));
  }

  private Extent checked(Extent extent) {
    if (extent.start() < 0
        || extent.end() < extent.start()
        || extent.end() > records.valueCount(elements)) {
      throw new IllegalArgumentException(
          "elements %d to %d of %d"
              .formatted(extent.start(), extent.end(), records.valueCount(elements)));
    }

    if (extent.count() * dtype.bytes() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%d elements are more than a row can hold".formatted(extent.count()));
    }

    if (elementValidity != null) {
      for (long i = extent.start(); i < extent.end(); i++) {
        if (ArrowListLevel.isNull(elementValidity, i)) {
          throw new IllegalArgumentException("element %d is NULL".formatted(i - extent.start()));
        }
      }
    }

    return extent;
  }

  /** The tensor of some elements. */
  Tensor tensor(Extent extent, long... shape) throws IOException {
    int length = (int) extent.count() * dtype.bytes();
    long offset = extent.start() * dtype.bytes();
    int values = elements.buffer() + 1;
    ByteBuffer data =
        records.isCompressed()
            ? decompressed(values).slice(Math.toIntExact(offset), length)
            : records.slice(values, offset, length);
    return Tensor.of(dtype, data, shape);
  }

  private ByteBuffer decompressed(int values) throws IOException {
    ByteBuffer known = decompressed;
    if (known == null) {
      long maxBytes = records.valueCount(elements) * dtype.bytes() + 64;
      known = records.whole(values, maxBytes, allocator);
      decompressed = known;
    }

    return known;
  }
}
