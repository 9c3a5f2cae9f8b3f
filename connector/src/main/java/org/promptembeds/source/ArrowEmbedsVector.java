package org.promptembeds.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/** Embeddings on their way into a record batch: gathered as tensors, then copied at once. */
final class ArrowEmbedsVector implements AutoCloseable {
  private final DType dtype;
  private final ListVector vector;
  private final List<@Nullable Tensor> tensors = new ArrayList<>();
  private long bytes;

  ArrowEmbedsVector(DType dtype, BufferAllocator allocator) {
    this.dtype = dtype;
    this.vector = (ListVector) field(dtype).createVector(allocator);
  }

  /** A list of floats; of 16-bit integers with the type in their metadata for bfloat16. */
  private static Field field(DType dtype) {
    FieldType element =
        switch (dtype) {
          case FLOAT32 -> floats(FloatingPointPrecision.SINGLE);
          case FLOAT16 -> floats(FloatingPointPrecision.HALF);
          case BFLOAT16 ->
              new FieldType(
                  false,
                  new ArrowType.Int(16, true),
                  null,
                  Map.of(ArrowEmbeds.DTYPE_KEY, "bfloat16"));
          case FLOAT64, INT64, INT32, INT16, INT8, UINT8, BOOL ->
              throw new IllegalArgumentException("embeddings are not written as " + dtype);
        };
    return new Field(
        TensorSchema.EMBEDS,
        FieldType.nullable(ArrowType.List.INSTANCE),
        List.of(new Field("element", element, null)));
  }

  private static FieldType floats(FloatingPointPrecision precision) {
    return FieldType.notNullable(new ArrowType.FloatingPoint(precision));
  }

  ListVector vector() {
    return vector;
  }

  void add(@Nullable Tensor tensor) {
    Tensor converted = tensor == null ? null : tensor.convert(dtype);
    tensors.add(converted);
    bytes += converted == null ? 0 : converted.byteCount();
  }

  int rowCount() {
    return tensors.size();
  }

  long byteCount() {
    return bytes;
  }

  /** Copies what was gathered into the vector. */
  void fill() {
    BaseFixedWidthVector elements = (BaseFixedWidthVector) vector.getDataVector();
    int count = Math.toIntExact(bytes / dtype.bytes());
    vector.setInitialCapacity(tensors.size());
    vector.allocateNew();
    elements.allocateNew(count);
    int first = 0;
    for (int row = 0; row < tensors.size(); row++) {
      Tensor tensor = tensors.get(row);
      if (tensor == null) {
        vector.setNull(row);
      } else {
        int length = (int) tensor.elementCount();
        vector.startNewValue(row);
        elements.getDataBuffer().setBytes((long) first * dtype.bytes(), tensor.data());
        vector.endValue(row, length);
        first += length;
      }
    }

    for (int i = 0; i < count; i++) {
      BitVectorHelper.setBit(elements.getValidityBuffer(), i);
    }

    vector.setValueCount(tensors.size());
    tensors.clear();
    bytes = 0;
  }

  @Override
  public void close() {
    vector.close();
  }
}
