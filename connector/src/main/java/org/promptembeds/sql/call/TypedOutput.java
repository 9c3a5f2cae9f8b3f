package org.promptembeds.sql.call;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.catalyst.expressions.ArrayTransform;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.JsonToStructs;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
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

  /**
   * The type of a column of such values.
   *
   * @param several whether there is an array of them in each row
   */
  public static DataType type(String schema, boolean several) {
    DataType type = TypeSchema.parse(schema);
    return several ? DataTypes.createArrayType(type) : type;
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
    GenerateFromEmbeds call = call(function, inputs.get(0), options);
    return call.shape().several() ? each(call, type) : typed(call, type);
  }

  private static Expression typed(Expression text, DataType type) {
    return new JsonToStructs(text, Literal.create(type.sql(), DataTypes.StringType));
  }

  /** The typed values of an array of texts. */
  private static Expression each(Expression texts, DataType type) {
    NamedLambdaVariable text =
        new NamedLambdaVariable(
            "text",
            DataTypes.StringType,
            true,
            NamedExpression.newExprId(),
            new AtomicReference<>());
    return new ArrayTransform(
        texts, new LambdaFunction(typed(text, type), Seqs.of(List.of(text)), false));
  }

  private static GenerateFromEmbeds call(
      GenerateFunction function, Expression prompt, Expression options) {
    return new GenerateFromEmbeds(
        ResultShape.of(function, options), Seqs.of(List.of(prompt, options)), "", Option.empty());
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
