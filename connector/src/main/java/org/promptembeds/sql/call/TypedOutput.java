package org.promptembeds.sql.call;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.catalyst.expressions.ArrayTransform;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetArrayItem;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.JsonToStructs;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.UpdateFields;
import org.apache.spark.sql.catalyst.expressions.WithField;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.Seqs;
import scala.Option;

/**
 * Outputs of a SQL type: the call asks for JSON of the type's schema, and {@code from_json} around
 * it reads that, in place of the text or, of a detailed function, as one more field beside it.
 */
public final class TypedOutput {
  private static final String SCHEMA = SamplingOptions.SCHEMA.key();
  private static final String JSON_SCHEMA = FormParameters.JSON_SCHEMA.name();

  /** The field of a detailed output, which is NULL where the text does not end as JSON does. */
  private static final String VALUE = "value";

  private TypedOutput() {}

  /** The type of a column of such outputs. */
  public static DataType type(String schema, ResultShape shape) {
    DataType type = TypeSchema.parse(schema);
    DataType one =
        shape.function().dataType() instanceof StructType detail ? detail.add(VALUE, type) : type;
    return shape.several() ? DataTypes.createArrayType(one) : one;
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
    if (call.shape().several()) {
      return each(call, function, type);
    }

    return function.isDetailed()
        ? new GetArrayItem(
            each(new CreateArray(Seqs.of(List.of(call))), function, type),
            Literal.create(0, DataTypes.IntegerType),
            false)
        : read(call, type);
  }

  /**
   * The outputs of an array with their values; a variable stands for each, so that the call is
   * there only once.
   */
  private static Expression each(Expression outputs, GenerateFunction function, DataType type) {
    NamedLambdaVariable output =
        new NamedLambdaVariable(
            "output",
            function.dataType(),
            true,
            NamedExpression.newExprId(),
            new AtomicReference<>());
    Expression typed = function.isDetailed() ? withValue(output, type) : read(output, type);
    return new ArrayTransform(outputs, new LambdaFunction(typed, Seqs.of(List.of(output)), false));
  }

  private static Expression withValue(Expression detail, DataType type) {
    Expression text = new GetStructField(detail, DetailSchema.TEXT, Option.empty());
    return new UpdateFields(detail, Seqs.of(List.of(new WithField(VALUE, read(text, type)))));
  }

  private static Expression read(Expression text, DataType type) {
    return new JsonToStructs(text, Literal.create(type.sql(), DataTypes.StringType));
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
