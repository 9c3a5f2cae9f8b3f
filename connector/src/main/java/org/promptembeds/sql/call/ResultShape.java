package org.promptembeds.sql.call;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.sql.values.OptionExpressions;

/**
 * What the column of a call holds: an output, or an array of outputs if the call says how many.
 *
 * @param several whether the call says how many outputs there are, be it one
 */
public record ResultShape(GenerateFunction function, boolean several) implements Serializable {
  private static final String N = SearchParameters.N.name();

  /** The shape of a call with {@code options}, as the user wrote them. */
  static ResultShape of(GenerateFunction function, Expression options) {
    boolean named =
        options.resolved()
            && (OptionExpressions.names(options).contains(N)
                || (options.foldable() && OptionExpressions.constants(options).containsKey(N)));
    return new ResultShape(function, named);
  }

  /** The type of the column. */
  public DataType dataType() {
    DataType one = function.dataType();
    return several ? DataTypes.createArrayType(one, !function.isDetailed()) : one;
  }

  /**
   * Checks how many outputs a row asks for.
   *
   * @throws InvalidRequestException if the column has no place for them
   */
  public void requireOutputs(int n) {
    if (!several && n > 1) {
      throw new InvalidRequestException(
          "n is %d, but the call does not say that there are several outputs: give n by its name (%s(…, n => …)), which makes an array of the result"
              .formatted(n, function.sqlName()));
    }
  }

  /** The column's value. */
  public @Nullable Object value(List<GenerationResult> outputs) {
    return shaped(outputs.stream().map(this::value));
  }

  /** The column's value in place of outputs: everything NULL but the reason. */
  public @Nullable Object error(String reason) {
    return shaped(Stream.of(DetailSchema.error(reason)));
  }

  private @Nullable Object value(GenerationResult output) {
    return function.isDetailed() ? DetailSchema.row(output) : UTF8String.fromString(output.text());
  }

  private @Nullable Object shaped(Stream<? extends @Nullable Object> values) {
    Object[] array = values.toArray();
    return several ? new GenericArrayData(array) : array[0];
  }
}
