package org.promptembeds.sql.call;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.JsonToStructs;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.Seqs;
import scala.Option;

/**
 * Outputs of a SQL type: the call asks for JSON of the type's schema, and {@code from_json} around
 * it reads that.
 */
public final class TypedOutput {
  private static final String SCHEMA = SamplingOptions.SCHEMA.key();
  private static final String JSON_SCHEMA = FormParameters.JSON_SCHEMA.name();

  private TypedOutput() {}

  /** The type that {@code schema} names. */
  public static DataType type(String schema) {
    return TypeSchema.parse(schema);
  }

  /**
   * A call of {@code function}, within {@code from_json} if its options have a schema.
   *
   * @param inputs the prompt and the options
   * @throws IllegalArgumentException if the schema is none, or has no place here
   */
  static Expression call(GenerateFunction function, List<Expression> inputs) {
    String schema = schema(inputs.get(1));
    if (schema == null) {
      return call(function, inputs.get(0), inputs.get(1));
    }

    if (function.isDetailed()) {
      throw new IllegalArgumentException(
          "schema has no place in %s: give json_schema, and read text by from_json"
              .formatted(function.sqlName()));
    }

    if (OptionExpressions.names(inputs.get(1)).contains(JSON_SCHEMA)) {
      throw new IllegalArgumentException("schema and json_schema are given: give one of them");
    }

    DataType type = TypeSchema.parse(schema);
    Expression options =
        OptionExpressions.replace(
            SCHEMA,
            JSON_SCHEMA,
            Literal.create(TypeSchema.of(type).toString(), DataTypes.StringType),
            inputs.get(1));
    return new JsonToStructs(
        call(function, inputs.get(0), options), Literal.create(type.sql(), DataTypes.StringType));
  }

  private static Expression call(GenerateFunction function, Expression prompt, Expression options) {
    return new GenerateFromEmbeds(function, Seqs.of(List.of(prompt, options)), "", Option.empty());
  }

  private static @Nullable String schema(Expression options) {
    if (!options.resolved() || !OptionExpressions.has(SCHEMA, options)) {
      return null;
    }

    Map<String, Object> constants = OptionExpressions.constants(options);
    Object schema = constants.get(SCHEMA);
    if (schema == null) {
      throw new IllegalArgumentException(
          "schema must be a constant string, not a value of each row");
    }

    return SamplingOptions.SCHEMA.parse(schema);
  }
}
