package org.promptembeds.sql.prompt;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UserDefinedExpression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.PromptOptions;
import org.promptembeds.options.SoftPromptNames;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.ProductNode;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of a {@link PromptFunction}: an ordinary expression, evaluated where it stands with the
 * tokenizer, chat template and embedding table that the executor's JVM keeps.
 *
 * <p>The model is resolved when the call is built, as the session is configured then. A call is
 * never folded on the driver, which need not have the model.
 */
public final class PromptCall extends Expression
    implements ProductNode, CodegenFallback, UserDefinedExpression, Serializable {
  private static final long serialVersionUID = 1L;

  private final PromptFunction function;
  private final Seq<Expression> inputs;
  private final String problem;
  private final String model;
  private final SoftPromptNames softPrompts;
  private transient @Nullable BinaryOperator<@Nullable Object> evaluator; // made by the task

  /**
   * A call. Public with parameters in product order, as Catalyst copies nodes by reflection.
   *
   * @param inputs the input and a struct of options; the raw arguments if there is a problem
   * @param problem what is wrong with the arguments; empty if nothing is
   * @param model directory of the model
   * @param softPrompts the names that stand for soft prompts
   */
  public PromptCall(
      PromptFunction function,
      Seq<Expression> inputs,
      String problem,
      String model,
      SoftPromptNames softPrompts) {
    this.function = function;
    this.inputs = inputs;
    this.problem = problem;
    this.model = model;
    this.softPrompts = softPrompts;
  }

  private Expression input() {
    return inputs.apply(0);
  }

  private Expression options() {
    return inputs.apply(1);
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    List<String> problems = new ArrayList<>();
    if (!problem.isEmpty()) {
      problems.add(problem);
    } else {
      problems.addAll(function.input().problems(input().dataType()));
      for (StructField option : ((StructType) options().dataType()).fields()) {
        checkOption(option, problems);
      }

      if (!function.needsModel()) {
        checkConstants(problems);
      }
    }

    return problems.isEmpty()
        ? TypeCheckResult.TypeCheckSuccess$.MODULE$
        : new TypeCheckResult.TypeCheckFailure(String.join("; ", problems));
  }

  private void checkConstants(List<String> problems) {
    OptionExpressions.constants(options())
        .forEach(
            (name, value) -> {
              try {
                var unused = function.options().require(name).parse(value);
              } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
              }
            });
  }

  private static void checkOption(StructField option, List<String> problems) {
    boolean isFlag = option.name().equals(PromptOptions.ADD_GENERATION_PROMPT.key());
    if (isFlag
        && !(option.dataType() instanceof BooleanType)
        && !(option.dataType() instanceof StringType)) {
      problems.add(
          "%s must be true or false, got %s".formatted(option.name(), option.dataType().sql()));
    }
  }

  @Override
  public @Nullable Object eval(InternalRow row) {
    Object value = input().eval(row);
    if (value == null) {
      return null;
    }

    if (evaluator == null) {
      evaluator = evaluator(input().dataType(), options().dataType());
    }

    return evaluator.apply(value, options().eval(row));
  }

  private BinaryOperator<@Nullable Object> evaluator(DataType inputType, DataType optionsType) {
    return function.needsModel()
        ? new PromptEvaluator(function, model, softPrompts, inputType, optionsType)::evaluate
        : new TensorEvaluator(function, model, inputType, optionsType)::evaluate;
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public DataType dataType() {
    return function.dataType();
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean foldable() {
    return false;
  }

  @Override
  public boolean expensive() {
    return true;
  }

  @Override
  public String name() {
    return function.sqlName();
  }

  @Override
  public String prettyName() {
    return function.sqlName();
  }

  @Override
  public String sql() {
    return describe(Expression::sql);
  }

  @Override
  public String toString() {
    return describe(Expression::toString);
  }

  private String describe(Function<Expression, String> text) {
    Stream<String> arguments =
        problem.isEmpty()
            ? Stream.concat(
                describeInput(text), OptionExpressions.describe(options(), text).stream())
            : Seqs.list(inputs).stream().map(input -> OptionExpressions.argument(input, text));
    return arguments.collect(Collectors.joining(", ", function.sqlName() + "(", ")"));
  }

  private Stream<String> describeInput(Function<Expression, String> text) {
    return function.input().isVariadic() && input() instanceof CreateNamedStruct parts
        ? Seqs.list(parts.valExprs()).stream().map(text)
        : Stream.of(text.apply(input()));
  }

  @Override
  public Seq<Expression> children() {
    return inputs;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new PromptCall(function, newChildren, problem, model, softPrompts);
  }

  @Override
  public List<Object> constructorArguments() {
    return List.of(function, inputs, problem, model, softPrompts);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PromptCall that
        && constructorArguments().equals(that.constructorArguments());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
