package org.promptembeds.sql;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.Tensor;

/** How one argument of {@code concat_embeds} becomes embeddings; its SQL type decides. */
sealed interface PromptPart {
  /**
   * The embeddings, {@code (positions, hidden_size)} of the model in float32; there may be no
   * positions.
   *
   * @throws InvalidRequestException if the value is at fault
   */
  float[] embeds(InternalRow row, int ordinal, PromptModel model);

  /** Text, to which the tokenizer adds no special tokens. */
  record Text() implements PromptPart {
    @Override
    public float[] embeds(InternalRow row, int ordinal, PromptModel model) {
      String text = row.getUTF8String(ordinal).toString();
      return text.isEmpty() ? new float[0] : embed(model, model.pieceTokenIds(text));
    }
  }

  /** Token ids. */
  record Tokens(DataType type) implements PromptPart {
    @Override
    public float[] embeds(InternalRow row, int ordinal, PromptModel model) {
      return embed(model, TokenIds.read(row.getArray(ordinal), type));
    }
  }

  /** Embeddings, one after the other. */
  record Flat(boolean ofDouble) implements PromptPart {
    @Override
    public float[] embeds(InternalRow row, int ordinal, PromptModel model) {
      ArrayData values = row.getArray(ordinal);
      int count = values.numElements();
      int width = model.hiddenSize();
      if (count % width != 0) {
        throw new InvalidRequestException(
            "part %d has %d values, not a multiple of the model's hidden size %d"
                .formatted(ordinal + 1, count, width));
      }

      byte[] bytes = FloatArrays.allocate(count);
      FloatArrays.copy(values, ofDouble, bytes, 0);
      float[] floats = new float[count];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
      return floats;
    }
  }

  /** Embeddings, one array for each position. */
  record Nested(EmbedsReader reader) implements PromptPart {
    @Override
    public float[] embeds(InternalRow row, int ordinal, PromptModel model) {
      if (row.getArray(ordinal).numElements() == 0) {
        return new float[0];
      }

      Tensor tensor = reader.read(row, ordinal, OptionalInt.empty());
      if (tensor.size(1) != model.hiddenSize()) {
        throw new InvalidRequestException(
            "part %d has positions of %d values, but the model's hidden size is %d"
                .formatted(ordinal + 1, tensor.size(1), model.hiddenSize()));
      }

      return tensor.toFloats();
    }
  }

  /** The part that a value of {@code type} is; empty if it cannot be one. */
  static Optional<PromptPart> of(DataType type) {
    if (type instanceof StringType) {
      return Optional.of(new Text());
    }

    if (type instanceof ArrayType array && array.elementType() instanceof IntegralType) {
      return Optional.of(new Tokens(type));
    }

    EmbedsReader reader = EmbedsReader.of(type).orElse(null);
    if (reader instanceof EmbedsReader.Flat flat) {
      return Optional.of(new Flat(flat.ofDouble()));
    }

    return reader instanceof EmbedsReader.Nested nested
        ? Optional.of(new Nested(nested))
        : Optional.empty();
  }

  private static float[] embed(PromptModel model, int[] tokenIds) {
    return model.embed(tokenIds).toFloats();
  }
}
