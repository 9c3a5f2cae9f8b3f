package org.promptembeds.source;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.Tensor;

/** Finds name, embeddings and shape in the rows to be written. */
final class RowTensors {
  private final StructType schema;
  private final int name;
  private final int embeds;
  private final int seqLen;
  private final int hiddenSize;
  private final int declaredHiddenSize;
  private final boolean isNested;
  private final boolean isDouble;

  /**
   * For rows of a schema.
   *
   * @param declaredHiddenSize length of vectors where rows do not say it; 0 if not known
   * @throws IllegalArgumentException if there is no column of embeddings, or it or another column
   *     of the data source is of a wrong type
   */
  RowTensors(StructType schema, int declaredHiddenSize) {
    this.schema = schema;
    this.declaredHiddenSize = declaredHiddenSize;
    name = find(TensorSchema.NAME, DataTypes.StringType);
    seqLen = find(TensorSchema.SEQ_LEN, DataTypes.IntegerType);
    hiddenSize = find(TensorSchema.HIDDEN_SIZE, DataTypes.IntegerType);
    List<String> columns = Arrays.asList(schema.fieldNames());
    embeds = columns.indexOf(TensorSchema.EMBEDS);
    if (embeds < 0) {
      throw new IllegalArgumentException(
          "there is no column embeds to write, only %s".formatted(columns));
    }

    DataType type = schema.fields()[embeds].dataType();
    isNested = type instanceof ArrayType outer && outer.elementType() instanceof ArrayType;
    DataType vector = isNested ? ((ArrayType) type).elementType() : type;
    DataType element = vector instanceof ArrayType array ? array.elementType() : vector;
    isDouble = element.equals(DataTypes.DoubleType);
    if (!(vector instanceof ArrayType) || !(isDouble || element.equals(DataTypes.FloatType))) {
      throw new IllegalArgumentException(
          "column embeds must be array<float>, array<double> or an array of these, it is "
              + type.catalogString());
    }
  }

  private int find(String column, DataType type) {
    int ordinal = Arrays.asList(schema.fieldNames()).indexOf(column);
    if (ordinal >= 0 && !schema.fields()[ordinal].dataType().equals(type)) {
      throw new IllegalArgumentException(
          "column %s must be %s, it is %s"
              .formatted(
                  column,
                  type.catalogString(),
                  schema.fields()[ordinal].dataType().catalogString()));
    }

    return ordinal;
  }

  boolean hasName() {
    return name >= 0;
  }

  /** Whether rows, or an option, say how embeddings divide into vectors. */
  boolean hasShape() {
    return isNested || seqLen >= 0 || hiddenSize >= 0 || declaredHiddenSize > 0;
  }

  /**
   * The own columns of a row.
   *
   * @throws IllegalArgumentException if embeddings have NULLs in them, or do not divide as the row
   *     says
   */
  TensorRow read(InternalRow row) {
    String rowName = name < 0 || row.isNullAt(name) ? null : row.getUTF8String(name).toString();
    Integer vectors = integer(row, seqLen);
    Integer length = integer(row, hiddenSize);
    if (row.isNullAt(embeds)) {
      return new TensorRow(rowName, null, vectors, length, null);
    }

    if (length == null && declaredHiddenSize > 0) {
      length = declaredHiddenSize;
    }

    try {
      ArrayData array = row.getArray(embeds);
      float[] values;
      if (isNested) {
        values = flatten(array);
        vectors = agreed(TensorSchema.SEQ_LEN, vectors, array.numElements());
        if (array.numElements() > 0) {
          int vectorLength = values.length / array.numElements();
          length = agreed(TensorSchema.HIDDEN_SIZE, length, vectorLength);
        }
      } else {
        values = floats(array);
      }

      Division division = Division.of(values.length, vectors, length);
      Tensor tensor = Tensor.ofFloats(values, division.shape(values.length));
      return new TensorRow(rowName, tensor, division.seqLen(), division.hiddenSize(), null);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "embeds of row %s cannot be written: %s".formatted(rowName, e.getMessage()), e);
    }
  }

  private static @Nullable Integer integer(InternalRow row, int ordinal) {
    return ordinal < 0 || row.isNullAt(ordinal) ? null : Integer.valueOf(row.getInt(ordinal));
  }

  private static Integer agreed(String column, @Nullable Integer stated, int actual) {
    if (stated != null && stated != actual) {
      throw new IllegalArgumentException("%s is %d, not %d".formatted(column, actual, stated));
    }

    return actual;
  }

  private float[] flatten(ArrayData vectors) {
    int count = vectors.numElements();
    if (count == 0) {
      return new float[0];
    }

    float[] values = new float[0];
    for (int i = 0; i < count; i++) {
      if (vectors.isNullAt(i)) {
        throw new IllegalArgumentException("vector %d is NULL".formatted(i));
      }

      float[] vector = floats(vectors.getArray(i));
      if (i == 0) {
        values = new float[Math.multiplyExact(count, vector.length)];
      } else if (vector.length * (long) count != values.length) {
        throw new IllegalArgumentException(
            "vectors differ in length: vector 0 has %d elements, vector %d has %d"
                .formatted(values.length / count, i, vector.length));
      }

      System.arraycopy(vector, 0, values, i * vector.length, vector.length);
    }

    return values;
  }

  private float[] floats(ArrayData array) {
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        throw new IllegalArgumentException("element %d is NULL".formatted(i));
      }
    }

    if (!isDouble) {
      return array.toFloatArray();
    }

    double[] doubles = array.toDoubleArray();
    float[] floats = new float[doubles.length];
    for (int i = 0; i < doubles.length; i++) {
      floats[i] = (float) doubles[i];
    }

    return floats;
  }
}
