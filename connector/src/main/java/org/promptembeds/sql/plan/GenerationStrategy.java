package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.ReturnAnswer;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.call.GeneratedColumn;
import org.promptembeds.sql.execution.EmbedsGenerationExec;
import org.promptembeds.sql.values.Seqs;
import org.promptembeds.sql.values.SessionSettings;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Plans {@link EmbedsGeneration}, and takes out calls that the optimizer's last rules left over.
 */
public final class GenerationStrategy extends SparkStrategy {
  private final ExtractCalls extractCalls = new ExtractCalls();

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    if (Calls.remainIn(plan)) {
      return planLeftOver(plan);
    }

    if (plan instanceof EmbedsGeneration generation) {
      return Seqs.of(List.of(plan(generation)));
    }

    return Seqs.of(LimitedRows.of(plan).flatMap(this::planLimit).stream().toList());
  }

  private Seq<SparkPlan> planLeftOver(LogicalPlan plan) {
    LogicalPlan rewritten =
        plan instanceof ReturnAnswer answer
            ? new ReturnAnswer(extractCalls.apply(answer.child()))
            : extractCalls.apply(plan);
    if (Calls.remainIn(rewritten)) {
      throw new UnsupportedOperationException(
          "generate_from_embeds cannot be evaluated here: it depends on an outer query's row or on"
              + " both sides of an outer join; generate in a subquery of its own and use its"
              + " result. Plan:\n"
              + rewritten);
    }

    return Seqs.of(List.of(planLater(rewritten)));
  }

  /** Arguments that are not columns yet are computed by a projection below, with generated code. */
  private SparkPlan plan(EmbedsGeneration generation) {
    List<NamedExpression> computed = new ArrayList<>(Seqs.list(generation.child().output()));
    List<GeneratedColumn> columns = new ArrayList<>();
    for (GeneratedColumn column : generation.columns()) {
      GenerateFromEmbeds call = column.call();
      List<Expression> inputs = new ArrayList<>();
      for (Expression input : Seqs.list(call.children())) {
        boolean isConstantOptions = input == call.options() && input.foldable();
        inputs.add(isConstantOptions ? input : column(input, computed));
      }

      columns.add(new GeneratedColumn(call.withInputs(inputs), column.result()));
    }

    boolean hasComputed = computed.size() > generation.child().output().size();
    LogicalPlan child =
        hasComputed ? new Project(Seqs.of(computed), generation.child()) : generation.child();
    return new EmbedsGenerationExec(
        GeneratedColumn.calls(columns),
        GeneratedColumn.results(columns),
        Seqs.of(generation.passThrough()),
        SessionSettings.current().limits(),
        planLater(child));
  }

  private static Expression column(Expression input, List<NamedExpression> computed) {
    if (input instanceof Attribute) {
      return input;
    }

    Alias alias =
        new Alias(
            input,
            "input",
            NamedExpression$.MODULE$.newExprId(),
            Seqs.of(List.of()),
            Option.empty(),
            Seqs.of(List.of()));
    computed.add(alias);
    return alias.toAttribute();
  }

  /**
   * A limit that is not the query's last step is complete before anything is generated. (At the
   * root Spark takes rows partition by partition, and stops.)
   */
  private Optional<SparkPlan> planLimit(LimitedRows rows) {
    if (rows.input() instanceof EmbedsGeneration generation) {
      return Optional.of(planLater(swap(rows, generation)));
    }

    return rows.input() instanceof Project project
            && project.child() instanceof EmbedsGeneration generation
        ? Optional.of(planLater(project.copy(project.projectList(), swap(rows, generation))))
        : Optional.empty();
  }

  private static LogicalPlan swap(LimitedRows rows, EmbedsGeneration generation) {
    return generation.withChild(rows.from(generation.child()));
  }
}
