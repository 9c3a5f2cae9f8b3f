package org.promptembeds.sql.prompt;

import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.options.PromptOptions;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.values.EmbedsReader;
import org.promptembeds.sql.values.OptionValues;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Overflow;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/** Embeddings as the bytes that {@code torch.save} writes for them, which need no model. */
final class TensorEvaluator {
  private final PromptFunction function;
  private final String model;
  private final EmbedsReader reader;
  private final DataType optionsType;

  /**
   * An evaluator.
   *
   * @param model directory of the model that flat embeddings are cut by; empty if there is none
   */
  TensorEvaluator(PromptFunction function, String model, DataType inputType, DataType optionsType) {
    this.function = function;
    this.model = model;
    this.reader = EmbedsReader.of(inputType).orElseThrow();
    this.optionsType = optionsType;
  }

  /**
   * The serialised tensor.
   *
   * @return bytes, or their base64
   * @throws InvalidRequestException if the embeddings are none, or cannot be of the type asked for
   */
  Object evaluate(Object input, Object options) {
    try {
      return serialised(input, options);
    } catch (InvalidRequestException e) {
      throw new InvalidRequestException(function.sqlName() + ": " + e.getMessage(), e);
    }
  }

  private Object serialised(Object input, Object options) {
    Map<String, Object> given = OptionValues.toJava(options, optionsType);
    InternalRow row = new GenericInternalRow(new Object[] {input});
    Tensor embeds = reader.read(row, 0, hiddenSize(given.get(SamplingOptions.HIDDEN_SIZE.key())));
    byte[] bytes = TorchFormat.write(converted(embeds, given.get(PromptOptions.DTYPE.key())));
    return function == PromptFunction.TO_TORCH
        ? bytes
        : UTF8String.fromString(Base64.getEncoder().encodeToString(bytes));
  }

  private OptionalInt hiddenSize(@Nullable Object given) {
    if (given != null) {
      return OptionalInt.of(SamplingOptions.HIDDEN_SIZE.parse(given));
    }

    if (!(reader instanceof EmbedsReader.Flat)) {
      return OptionalInt.empty();
    }

    if (model.isEmpty()) {
      throw new InvalidRequestException(
          "a flat array needs the length of its vectors: pass hidden_size => N or model =>"
              + " '<directory>', or use array<array<float>>");
    }

    return OptionalInt.of(PromptModel.of(model).hiddenSize());
  }

  private static Tensor converted(Tensor embeds, @Nullable Object dtypeName) {
    DType dtype =
        dtypeName == null
            ? DType.FLOAT32
            : DType.valueOf(PromptOptions.DTYPE.parse(dtypeName).toUpperCase(Locale.ROOT));
    long large = Overflow.firstIndex(embeds, dtype);
    if (large >= 0) {
      throw new InvalidRequestException(
          "embeddings hold a number that is infinite in %s, first at [%d, %d]: choose another dtype"
              .formatted(
                  dtype.name().toLowerCase(Locale.ROOT),
                  large / embeds.size(1),
                  large % embeds.size(1)));
    }

    return embeds.convert(dtype);
  }
}
