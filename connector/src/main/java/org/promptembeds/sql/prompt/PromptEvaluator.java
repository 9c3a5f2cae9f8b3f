package org.promptembeds.sql.prompt;

import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.options.SoftPromptNames;
import org.promptembeds.sql.values.FloatArrays;
import org.promptembeds.tensor.Tensor;

/** Evaluates a {@link PromptFunction} over a model for rows with that of this JVM. */
final class PromptEvaluator {
  private final PromptFunction function;
  private final PromptModel model;
  private final SoftPromptNames softPrompts;
  private final DataType inputType;
  private final DataType optionsType;
  private final @Nullable PromptParts parts; // of a function over parts

  PromptEvaluator(
      PromptFunction function,
      String model,
      SoftPromptNames softPrompts,
      DataType inputType,
      DataType optionsType) {
    this.function = function;
    this.model = PromptModel.of(model);
    this.softPrompts = softPrompts;
    this.inputType = inputType;
    this.optionsType = optionsType;
    this.parts =
        function.input() == PromptFunction.Input.PARTS
            ? new PromptParts((StructType) inputType)
            : null;
  }

  /**
   * The function's value.
   *
   * @return a Catalyst value; null if a part is NULL, or the row is at fault and the function
   *     lenient
   */
  @Nullable Object evaluate(Object input, Object options) {
    try {
      return value(input, options);
    } catch (InvalidRequestException e) {
      if (function.isLenient()) {
        return null;
      }

      throw new InvalidRequestException(function.sqlName() + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Object value(Object input, Object options) {
    return switch (function.input()) {
      case TEXT -> ofText(input.toString());
      case TOKENS -> {
        int[] tokenIds = TokenIds.read((ArrayData) input, inputType);
        yield function == PromptFunction.DETOKENIZE
            ? UTF8String.fromString(model.text(tokenIds))
            : ofTokens(tokenIds);
      }
      case CHAT -> ofTokens(chat(input, options));
      case PATH -> FloatArrays.toCatalyst(softPrompt(input.toString()));
      case PARTS -> parts == null ? null : concat(parts, (InternalRow) input);
      case EMBEDS -> throw new IllegalStateException(function + " is not over a model");
    };
  }

  private ArrayData ofText(String text) {
    return ofTokens(
        function == PromptFunction.TOKEN_IDS ? model.tokenIds(text) : model.promptTokenIds(text));
  }

  private ArrayData ofTokens(int[] tokenIds) {
    return function == PromptFunction.TOKEN_IDS
        ? UnsafeArrayData.fromPrimitiveArray(tokenIds)
        : FloatArrays.toCatalyst(model.embed(tokenIds));
  }

  private Tensor softPrompt(String nameOrPath) {
    try {
      return model.softPrompt(softPrompts.locate(nameOrPath));
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable ArrayData concat(PromptParts arguments, InternalRow row) {
    if (row.anyNull()) {
      return null;
    }

    PromptBuilder prompt = new PromptBuilder(model, softPrompts);
    arguments.append(row, prompt);
    return FloatArrays.toCatalyst(prompt.build().embeds());
  }

  private int[] chat(Object input, Object options) {
    Map<String, Object> given =
        TemplateValues.dictionary("options", TemplateValues.toJava(options, optionsType));
    ChatOptions chatOptions = ChatOptions.of(given);
    return model.chatTokenIds(
        TemplateValues.messages(TemplateValues.toJava(input, inputType)),
        chatOptions.addGenerationPrompt(),
        chatOptions.variables());
  }
}
