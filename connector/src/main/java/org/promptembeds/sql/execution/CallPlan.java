package org.promptembeds.sql.execution;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.call.CallBinding;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.sql.call.ResultShape;
import org.promptembeds.sql.prompt.PromptPart;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.OptionValues;

/**
 * A call as an executor gets it: its inputs are columns, or constants that the driver has read.
 *
 * @param shape what its column holds
 * @param embedsColumn position of the prompts among the child's columns
 * @param prompt how the prompts are read
 * @param optionsColumn position of the options; -1 if they are constant
 * @param constantOptions options by name, if they are constant
 * @param guardColumn position of the guard; -1 if there is none
 */
record CallPlan(
    ResultShape shape,
    CallBinding binding,
    int embedsColumn,
    PromptPart prompt,
    int optionsColumn,
    DataType optionsType,
    Map<String, Object> constantOptions,
    int guardColumn)
    implements Serializable {

  static CallPlan of(GenerateFromEmbeds call, List<Attribute> columns) {
    Expression options = call.options();
    Expression guard = call.guard();
    Map<String, Object> constants =
        options.foldable() ? OptionExpressions.constants(options) : Map.of();
    return new CallPlan(
        call.shape(),
        call.binding(),
        indexOf(call.embeds(), columns),
        call.function().input().prompt("prompt", call.embeds().dataType()),
        options.foldable() ? -1 : indexOf(options, columns),
        options.dataType(),
        constants,
        guard == null ? -1 : indexOf(guard, columns));
  }

  GenerateFunction function() {
    return shape.function();
  }

  /** Position of the column {@code input}. */
  static int indexOf(Expression input, List<Attribute> columns) {
    for (int i = 0; i < columns.size(); i++) {
      if (input instanceof Attribute column && column.exprId().equals(columns.get(i).exprId())) {
        return i;
      }
    }

    throw new IllegalStateException("no column " + input + " among " + columns);
  }

  /** Whether the row's value is wanted and not NULL from the start. */
  boolean isWanted(InternalRow row) {
    boolean isGuarded =
        guardColumn >= 0 && (row.isNullAt(guardColumn) || !row.getBoolean(guardColumn));
    return !isGuarded && !row.isNullAt(embedsColumn);
  }

  /** The same options for every row; null if rows have their own. */
  @Nullable RowOptions constants() {
    return optionsColumn < 0 ? RowOptions.of(function().input(), constantOptions) : null;
  }

  /**
   * The row's own options.
   *
   * @throws InvalidRequestException if they are not valid
   */
  RowOptions options(InternalRow row) {
    Map<String, Object> values =
        row.isNullAt(optionsColumn)
            ? Map.of()
            : OptionValues.toJava(row.get(optionsColumn, optionsType), optionsType);
    if (values.containsKey(SamplingOptions.MODEL.key())) {
      throw new InvalidRequestException(
          "model must be a constant of the query, not a value in a row's options");
    }

    try {
      return RowOptions.of(function().input(), values);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }
}
