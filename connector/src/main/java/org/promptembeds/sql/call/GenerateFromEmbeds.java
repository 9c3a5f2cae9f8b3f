package org.promptembeds.sql.call;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.UserDefinedExpression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SamplingOptions;
import org.promptembeds.sql.values.OptionExpressions;
import org.promptembeds.sql.values.ProductNode;
import org.promptembeds.sql.values.Seqs;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of a generate function: an expression without a value of its own, which rules take out of
 * the tree and an operator evaluates.
 *
 * <p>As the user writes it, it is deterministic and may stand anywhere. Once isolated in a
 * projection of its own it has a binding and is declared non-deterministic, so that no rule copies,
 * moves or inlines it. Being a pure function of its inputs in truth, equal calls share a result.
 *
 * <p>Inputs are the embeddings, the options (a struct or a map) and, where a branch decides whether
 * the value is wanted, a boolean guard.
 */
public final class GenerateFromEmbeds extends Expression
    implements ProductNode, Unevaluable, UserDefinedExpression, Serializable {
  private static final long serialVersionUID = 1L;

  private final ResultShape shape;
  private final Seq<Expression> inputs;
  private final String problem;
  private final Option<CallBinding> binding;

  /**
   * A call. Public with parameters in product order, as Catalyst copies nodes by reflection.
   *
   * @param shape what its column holds
   * @param inputs embeddings, options and perhaps a guard; the raw arguments if there is a problem
   * @param problem what is wrong with the arguments; empty if nothing is
   * @param binding what the call means in its session; none until the call is isolated
   */
  public GenerateFromEmbeds(
      ResultShape shape, Seq<Expression> inputs, String problem, Option<CallBinding> binding) {
    this.shape = shape;
    this.inputs = inputs;
    this.problem = problem;
    this.binding = binding;
  }

  public GenerateFunction function() {
    return shape.function();
  }

  /** What its column holds. */
  public ResultShape shape() {
    return shape;
  }

  public Expression embeds() {
    return inputs.apply(0);
  }

  public Expression options() {
    return inputs.apply(1);
  }

  /** Whether the value is wanted; null if it always is. */
  public @Nullable Expression guard() {
    return inputs.size() > 2 ? inputs.apply(2) : null;
  }

  public boolean isIsolated() {
    return binding.isDefined();
  }

  /** What generates, of an isolated call. */
  public BackendSpec backend() {
    return binding().backend();
  }

  /** What an isolated call means in its session. */
  public CallBinding binding() {
    return binding.get();
  }

  /** The call on its own: bound to what the session is configured for. */
  public GenerateFromEmbeds isolate(@Nullable Expression guard) {
    Expression options = OptionExpressions.without(SamplingOptions.MODEL.key(), options());
    List<Expression> bound =
        guard == null ? List.of(embeds(), options) : List.of(embeds(), options, guard);
    return new GenerateFromEmbeds(
        shape,
        Seqs.of(bound),
        problem,
        isIsolated() ? binding : Option.apply(CallOptions.binding(options())));
  }

  /** The call with other inputs of the same meaning. */
  public GenerateFromEmbeds withInputs(List<Expression> newInputs) {
    return new GenerateFromEmbeds(shape, Seqs.of(newInputs), problem, binding);
  }

  /** Whether {@code other} generates the same, whatever its guard. */
  public boolean isSameCall(GenerateFromEmbeds other) {
    return shape.equals(other.shape)
        && embeds().semanticEquals(other.embeds())
        && options().semanticEquals(other.options())
        && (binding.isEmpty() || other.binding.isEmpty() || binding.equals(other.binding));
  }

  /** Whether an input is an argument of a lambda function around the call. */
  public boolean hasFreeVariable() {
    return hasFreeVariable(this, Set.of());
  }

  private static boolean hasFreeVariable(Expression expression, Set<ExprId> bound) {
    if (expression instanceof NamedLambdaVariable variable) {
      return !bound.contains(variable.exprId());
    }

    Set<ExprId> inner = new HashSet<>(bound);
    if (expression instanceof LambdaFunction lambda) {
      Seqs.list(lambda.arguments()).forEach(argument -> inner.add(argument.exprId()));
    }

    return expression.children().exists(child -> hasFreeVariable(child, inner));
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return problem.isEmpty()
        ? CallOptions.check(this)
        : new TypeCheckResult.TypeCheckFailure(problem);
  }

  @Override
  public DataType dataType() {
    return shape.dataType();
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean foldable() {
    return Unevaluable.super.foldable();
  }

  @Override
  public boolean deterministic() {
    return !isIsolated() && super.deterministic();
  }

  @Override
  public boolean expensive() {
    return true;
  }

  @Override
  public Object eval(InternalRow row) {
    return Unevaluable.super.eval(row);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return Unevaluable.super.doGenCode(context, code);
  }

  @Override
  public String name() {
    return function().sqlName();
  }

  @Override
  public String prettyName() {
    return function().sqlName();
  }

  @Override
  public String sql() {
    return describe(Expression::sql);
  }

  @Override
  public String toString() {
    String call = describe(Expression::toString);
    return isIsolated() ? call + " on " + backend().model() : call;
  }

  private String describe(java.util.function.Function<Expression, String> text) {
    Stream<String> arguments =
        problem.isEmpty()
            ? Stream.concat(
                Stream.of(text.apply(embeds())),
                OptionExpressions.describe(options(), text).stream())
            : Seqs.list(inputs).stream().map(input -> OptionExpressions.argument(input, text));
    String call = arguments.collect(Collectors.joining(", ", function().sqlName() + "(", ")"));
    Expression guard = problem.isEmpty() ? guard() : null;
    return guard == null ? call : call + " if " + text.apply(guard);
  }

  @Override
  public Seq<Expression> children() {
    return inputs;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new GenerateFromEmbeds(shape, newChildren, problem, binding);
  }

  @Override
  public List<Object> constructorArguments() {
    return List.of(shape, inputs, problem, binding);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GenerateFromEmbeds that
        && constructorArguments().equals(that.constructorArguments());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
