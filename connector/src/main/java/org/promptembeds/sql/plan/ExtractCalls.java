package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.call.GeneratedColumn;
import org.promptembeds.sql.values.Seqs;

/**
 * Optimizer rule: calls become {@link EmbedsGeneration} operators, which then move to where fewest
 * rows and columns reach them. Early in the optimizer, so that filters still get to the scan.
 */
public final class ExtractCalls extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    LogicalPlan current = plan.mapChildren(Seqs.function(this::apply));
    if (Isolation.isNeeded(current)) {
      LogicalPlan isolated = Isolation.isolate(current);
      if (isolated != current) {
        return apply(isolated);
      }
    }

    if (current instanceof Project project) {
      current = extract(project);
    }

    return GenerationPushDown.apply(current);
  }

  /**
   * {@code project} over an operator that makes its calls, or over one below that makes them
   * already.
   */
  private static LogicalPlan extract(Project project) {
    List<GeneratedColumn> columns = new ArrayList<>();
    List<NamedExpression> list = new ArrayList<>();
    LogicalPlan child = project.child();
    for (NamedExpression named : Seqs.list(project.projectList())) {
      Optional<GenerateFromEmbeds> call = Calls.isolated((Expression) named);
      if (call.isEmpty()) {
        list.add(named);
        continue;
      }

      Optional<ResultReuse> reuse = ResultReuse.find(child, call.get());
      if (reuse.isPresent()) {
        child = reuse.get().plan();
        list.add(Calls.rename(reuse.get().result(), named));
      } else {
        columns.add(new GeneratedColumn(call.get(), named.toAttribute()));
        list.add(named.toAttribute());
      }
    }

    if (columns.isEmpty()) {
      return list.equals(Seqs.list(project.projectList()))
          ? project
          : project.copy(Seqs.of(list), child);
    }

    return project.copy(Seqs.of(list), over(child, columns, list));
  }

  private static LogicalPlan over(
      LogicalPlan child, List<GeneratedColumn> columns, List<NamedExpression> wanted) {
    List<Attribute> passThrough =
        Seqs.list(child.output()).stream()
            .filter(
                column ->
                    wanted.stream().anyMatch(e -> ((Expression) e).references().contains(column)))
            .toList();
    return EmbedsGeneration.of(columns, passThrough, child);
  }
}
