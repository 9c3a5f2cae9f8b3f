package org.promptembeds.sql;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.promptembeds.source.DirectQuery;
import org.promptembeds.sql.call.GenerateFunction;
import org.promptembeds.sql.plan.ColumnarRows;
import org.promptembeds.sql.plan.ExtractCalls;
import org.promptembeds.sql.plan.GenerationStrategy;
import org.promptembeds.sql.plan.IsolateCalls;
import org.promptembeds.sql.plan.ShuffleBeforeSampling;
import org.promptembeds.sql.prompt.PromptFunction;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds the functions to Spark sessions: named in {@code spark.sql.extensions}, or found by itself
 * when the jar is on the class path.
 */
public final class PromptEmbedsExtensions
    extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
    implements SparkSessionExtensionsProvider {
  /** Sessions that have the functions: one that names the class also finds it by itself. */
  private static final Set<SparkSessionExtensions> APPLIED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    if (!APPLIED.add(extensions)) {
      return BoxedUnit.UNIT;
    }

    for (GenerateFunction function : GenerateFunction.values()) {
      Function1<Seq<Expression>, Expression> builder = function::call;
      extensions.injectFunction(
          new Tuple3<>(new FunctionIdentifier(function.sqlName()), function.info(), builder));
    }

    for (PromptFunction function : PromptFunction.values()) {
      Function1<Seq<Expression>, Expression> builder = function::call;
      extensions.injectFunction(
          new Tuple3<>(new FunctionIdentifier(function.sqlName()), function.info(), builder));
    }

    extensions.injectHintResolutionRule(session -> new DirectQuery()); // the first there is
    extensions.injectPostHocResolutionRule(session -> new IsolateCalls());
    extensions.injectOptimizerRule(session -> new ExtractCalls());
    extensions.injectPreCBORule(session -> new ExtractCalls());
    extensions.injectPreCBORule(session -> new ShuffleBeforeSampling());
    extensions.injectPlannerStrategy(session -> new GenerationStrategy());
    extensions.injectColumnar(session -> new ColumnarRows());
    return BoxedUnit.UNIT;
  }
}
