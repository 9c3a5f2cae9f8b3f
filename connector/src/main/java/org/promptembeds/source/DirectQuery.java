package org.promptembeds.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.promptembeds.options.SourceOptions;
import scala.Function1;
import scala.Option;
import scala.runtime.AbstractFunction1;

/**
 * Analyzer rule: {@code FROM `prompt-embeds`.`path`} reads the files at the path. It runs before
 * Spark's own resolution, which knows such queries of its built-in formats only.
 */
public final class DirectQuery extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    if (plan.analyzed()) {
      return plan;
    }

    if (plan instanceof UnresolvedRelation relation
        && relation.multipartIdentifier().size() == 2
        && relation.multipartIdentifier().apply(0).equalsIgnoreCase(PromptEmbedsSource.NAME)) {
      return files(relation.multipartIdentifier().apply(1), relation.options());
    }

    LogicalPlan below = plan.mapChildren(function(this::apply));
    return below.mapExpressions(function(this::inSubqueries));
  }

  private Expression inSubqueries(Expression expression) {
    Expression below = expression.mapChildren(function(this::inSubqueries));
    return below instanceof SubqueryExpression subquery
        ? (Expression) subquery.withNewPlan(apply(subquery.plan()))
        : below;
  }

  private static LogicalPlan files(String path, CaseInsensitiveStringMap given) {
    Map<String, String> properties = new HashMap<>(given.asCaseSensitiveMap());
    properties.put(SourceOptions.PATH.key(), path);
    CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(properties);
    PromptEmbedsSource source = new PromptEmbedsSource();
    Table table = source.getTable(source.inferSchema(options), new Transform[0], properties);
    return DataSourceV2Relation.create(table, Option.empty(), Option.empty());
  }

  private static <T, R> Function1<T, R> function(java.util.function.Function<T, R> body) {
    return new AbstractFunction1<>() {
      @Override
      public R apply(T value) {
        return body.apply(value);
      }
    };
  }
}
