package org.promptembeds.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.options.PromptOptions;

/** Evaluates a {@link PromptFunction} for rows with the model of this JVM. */
final class PromptEvaluator {
  private final PromptFunction function;
  private final PromptModel model;
  private final DataType inputType;
  private final DataType optionsType;

  PromptEvaluator(PromptFunction function, String model, DataType inputType, DataType optionsType) {
    this.function = function;
    this.model = PromptModel.of(model);
    this.inputType = inputType;
    this.optionsType = optionsType;
  }

  /**
   * The function's value.
   *
   * @return a Catalyst array; null if the row is at fault and the function lenient
   */
  @Nullable Object evaluate(Object input, Object options) {
    try {
      int[] tokenIds = tokenIds(input, options);
      return function == PromptFunction.TOKEN_IDS
          ? UnsafeArrayData.fromPrimitiveArray(tokenIds)
          : UnsafeArrayData.fromPrimitiveArray(model.embed(tokenIds).toFloats());
    } catch (InvalidRequestException e) {
      if (function.isLenient()) {
        return null;
      }

      throw new InvalidRequestException(function.sqlName() + ": " + e.getMessage(), e);
    }
  }

  private int[] tokenIds(Object input, Object options) {
    return switch (function.input()) {
      case TEXT -> model.tokenIds(input.toString());
      case TOKENS -> given((ArrayData) input);
      case CHAT -> chat(input, options);
    };
  }

  private int[] given(ArrayData array) {
    List<?> values = (List<?>) Objects.requireNonNull(TemplateValues.toJava(array, inputType));
    int[] tokenIds = new int[values.size()];
    for (int i = 0; i < tokenIds.length; i++) {
      Object value = values.get(i);
      long tokenId = value instanceof Number number ? number.longValue() : -1;
      if (tokenId < 0 || tokenId > Integer.MAX_VALUE) {
        throw new InvalidRequestException(
            "token id %s at position %d is not one".formatted(value, i));
      }

      tokenIds[i] = (int) tokenId;
    }

    return tokenIds;
  }

  private int[] chat(Object input, Object options) {
    Map<String, Object> given =
        TemplateValues.dictionary("options", TemplateValues.toJava(options, optionsType));
    Map<String, @Nullable Object> variables = new HashMap<>();
    String further = PromptOptions.VARIABLES.key();
    if (given.containsKey(further)) {
      variables.putAll(
          TemplateValues.dictionary(further, TemplateValues.fromJson(further, given.get(further))));
    }

    for (String key : List.of(PromptOptions.TOOLS.key(), PromptOptions.DOCUMENTS.key())) {
      if (given.containsKey(key)) {
        variables.put(key, TemplateValues.fromJson(key, given.get(key)));
      }
    }

    Object addPrompt = given.getOrDefault(PromptOptions.ADD_GENERATION_PROMPT.key(), true);
    return model.chatTokenIds(
        TemplateValues.messages(TemplateValues.toJava(input, inputType)),
        PromptOptions.ADD_GENERATION_PROMPT.parse(addPrompt),
        variables);
  }
}
