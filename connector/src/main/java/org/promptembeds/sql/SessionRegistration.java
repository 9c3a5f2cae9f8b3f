package org.promptembeds.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.SparkStrategy;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.sql.plan.ExtractCalls;
import org.promptembeds.sql.plan.GenerationStrategy;
import org.promptembeds.sql.plan.ShuffleBeforeSampling;
import org.promptembeds.sql.prompt.PromptFunction;
import org.promptembeds.sql.values.Seqs;
import scala.Function1;
import scala.collection.immutable.Seq;

/**
 * Adds the functions to a running session: as temporary functions, with an optimizer rule and a
 * strategy. There is no way to add the analyzer rule then.
 */
public final class SessionRegistration {
  private SessionRegistration() {}

  /**
   * Registers the functions, unless the session has them.
   *
   * @throws IllegalArgumentException if the session is a Spark Connect client's
   */
  public static void register(SparkSession session) {
    if (!(session instanceof org.apache.spark.sql.classic.SparkSession classic)) {
      throw new IllegalArgumentException(
          "a Spark Connect session cannot be extended by its client: start the server with"
              + " spark.sql.extensions="
              + PromptEmbedsExtensions.class.getName());
    }

    FunctionRegistry registry = classic.sessionState().functionRegistry();
    if (isRegistered(registry)) {
      return;
    }

    for (GenerateFunction function : GenerateFunction.values()) {
      Function1<Seq<Expression>, Expression> builder = function::call;
      registry.createOrReplaceTempFunction(function.sqlName(), builder, "scala_udf");
    }

    for (PromptFunction function : PromptFunction.values()) {
      Function1<Seq<Expression>, Expression> builder = function::call;
      registry.createOrReplaceTempFunction(function.sqlName(), builder, "scala_udf");
    }

    List<Rule<LogicalPlan>> rules =
        new ArrayList<>(Seqs.list(classic.experimental().extraOptimizations()));
    rules.add(new ExtractCalls());
    rules.add(new ShuffleBeforeSampling());
    classic.experimental().extraOptimizations_$eq(Seqs.of(rules));
    List<SparkStrategy> strategies =
        new ArrayList<>(Seqs.list(classic.experimental().extraStrategies()));
    strategies.add(new GenerationStrategy());
    classic.experimental().extraStrategies_$eq(Seqs.of(strategies));
  }

  private static boolean isRegistered(FunctionRegistry registry) {
    return Seqs.list(registry.listFunction()).stream()
        .map(FunctionIdentifier::funcName)
        .anyMatch(GenerateFunction.GENERATE.sqlName()::equals);
  }
}
