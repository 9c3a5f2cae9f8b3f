package org.promptembeds.sql.values;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorBytes;
import org.promptembeds.tensor.TensorFormatException;

/** Reads prompt embeddings out of one of the SQL types that they come in. */
public sealed interface EmbedsReader extends Serializable {
  /**
   * The tensor {@code (sequence_length, hidden_size)} of a value that is not NULL.
   *
   * @param hiddenSize what a flat array is cut by, if it is known
   * @throws InvalidRequestException if the value does not hold such a tensor
   */
  Tensor read(InternalRow row, int ordinal, OptionalInt hiddenSize);

  /** {@code array<array<float>>} or of double or decimal: one inner array per position. */
  record Nested(DataType elements) implements EmbedsReader {
    @Override
    public Tensor read(InternalRow row, int ordinal, OptionalInt hiddenSize) {
      Tensor stored = BatchRow.tensor(row, ordinal);
      if (stored != null && stored.rank() == 2) {
        return some(atMostFloats(stored, stored.shape()));
      }

      ArrayData positions = row.getArray(ordinal);
      int length = positions.numElements();
      FloatArrays.requireNoNulls(positions);
      requireSome(length);
      int width = positions.getArray(0).numElements();
      byte[] bytes = FloatArrays.allocate((long) length * width);
      for (int i = 0; i < length; i++) {
        ArrayData position = positions.getArray(i);
        if (position.numElements() != width) {
          throw new InvalidRequestException(
              "embeddings are ragged: position 0 has %d values, position %d has %d"
                  .formatted(width, i, position.numElements()));
        }

        FloatArrays.copy(position, elements, bytes, i * width * Float.BYTES);
      }

      return tensor(bytes, length, width);
    }
  }

  /** {@code array<float>} or of double or decimal: the positions one after the other. */
  record Flat(DataType elements) implements EmbedsReader {
    @Override
    public Tensor read(InternalRow row, int ordinal, OptionalInt hiddenSize) {
      Tensor stored = BatchRow.tensor(row, ordinal);
      if (stored != null) {
        int length = length(Math.toIntExact(stored.elementCount()), hiddenSize);
        return atMostFloats(stored, length, stored.elementCount() / length);
      }

      ArrayData values = row.getArray(ordinal);
      int count = values.numElements();
      int length = length(count, hiddenSize);
      byte[] bytes = FloatArrays.allocate(count);
      FloatArrays.copy(values, elements, bytes, 0);
      return tensor(bytes, length, count / length);
    }

    /** Positions that {@code count} values are. */
    private static int length(int count, OptionalInt hiddenSize) {
      requireSome(count);
      int width =
          hiddenSize.orElseThrow(
              () ->
                  new InvalidRequestException(
                      "a flat array needs a model whose hidden size is known, and its server does"
                          + " not tell: pass hidden_size => N, or use array<array<float>>"));
      if (count % width != 0) {
        throw new InvalidRequestException(
            "a flat array must hold whole positions: %d values are not a multiple of the hidden size %d"
                .formatted(count, width));
      }

      return count / width;
    }
  }

  /** {@code binary}: a serialised tensor of any format that {@link TensorBytes} knows. */
  record Serialized() implements EmbedsReader {
    @Override
    public Tensor read(InternalRow row, int ordinal, OptionalInt hiddenSize) {
      try {
        return some(TensorBytes.read(row.getBinary(ordinal)));
      } catch (TensorFormatException e) {
        throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** {@code string}: base64 of {@code torch.save} bytes, as the Completions API takes them. */
  record Base64Text() implements EmbedsReader {
    @Override
    public Tensor read(InternalRow row, int ordinal, OptionalInt hiddenSize) {
      try {
        return some(TensorBytes.readBase64("embeds", row.getUTF8String(ordinal).toString()));
      } catch (TensorFormatException e) {
        throw new InvalidRequestException(
            "%s; to have text embedded, write embed_prompt(text) in its place"
                .formatted(e.getMessage()));
      }
    }
  }

  /** The reader of values of {@code type}, if it is one that embeddings come in. */
  static Optional<EmbedsReader> of(DataType type) {
    if (type instanceof BinaryType) {
      return Optional.of(new Serialized());
    }

    if (type instanceof StringType) {
      return Optional.of(new Base64Text());
    }

    if (type instanceof ArrayType array && isNumber(array.elementType())) {
      return Optional.of(new Flat(array.elementType()));
    }

    return type instanceof ArrayType outer
            && outer.elementType() instanceof ArrayType inner
            && isNumber(inner.elementType())
        ? Optional.of(new Nested(inner.elementType()))
        : Optional.empty();
  }

  private static boolean isNumber(DataType type) {
    return type instanceof FloatType
        || type instanceof DoubleType
        || type instanceof DecimalType; // as SQL reads 1.0
  }

  private static Tensor some(Tensor embeds) {
    requireSome((int) embeds.size(0));
    return embeds;
  }

  private static void requireSome(int count) {
    if (count == 0) {
      throw new InvalidRequestException("embeddings are empty: pass at least 1 position");
    }
  }

  /** The elements of {@code stored} in that shape, as stored; 64-bit ones as SQL floats are. */
  private static Tensor atMostFloats(Tensor stored, long... shape) {
    Tensor floats = stored.dtype() == DType.FLOAT64 ? stored.convert(DType.FLOAT32) : stored;
    return Tensor.of(floats.dtype(), floats.data(), shape);
  }

  private static Tensor tensor(byte[] bytes, int length, int width) {
    return Tensor.of(
        DType.FLOAT32, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), length, width);
  }
}
