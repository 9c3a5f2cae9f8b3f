package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.promptembeds.sql.call.GenerateFromEmbeds;
import org.promptembeds.sql.call.GeneratedColumn;
import org.promptembeds.sql.values.Seqs;

/**
 * A result that is generated further down already.
 *
 * @param plan where the call would have been made, with the result among its columns
 * @param result the column
 */
record ResultReuse(LogicalPlan plan, Attribute result) {

  /** Looks for a call that generates what {@code call} does, for at least the same rows. */
  static Optional<ResultReuse> find(LogicalPlan plan, GenerateFromEmbeds call) {
    if (plan instanceof EmbedsGeneration generation) {
      return findIn(generation, call);
    }

    if (plan instanceof Project project) {
      return find(project.child(), throughAliases(call, project))
          .map(found -> new ResultReuse(append(project, found), found.result()));
    }

    boolean keepsColumns =
        plan instanceof Filter
            || plan instanceof Sort
            || plan instanceof LocalLimit
            || plan instanceof GlobalLimit;
    return keepsColumns
        ? find(plan.children().apply(0), call)
            .map(
                found ->
                    new ResultReuse(
                        plan.withNewChildren(Seqs.of(List.of(found.plan()))), found.result()))
        : Optional.empty();
  }

  private static Optional<ResultReuse> findIn(
      EmbedsGeneration generation, GenerateFromEmbeds call) {
    for (GeneratedColumn column : generation.columns()) {
      GenerateFromEmbeds made = column.call();
      if (made.isSameCall(call)
          && (made.guard() == null || Calls.sameGuard(made.guard(), call.guard()))) {
        return Optional.of(new ResultReuse(generation, column.result()));
      }
    }

    return find(generation.child(), call)
        .map(
            found -> {
              List<Attribute> passThrough = new ArrayList<>(generation.passThrough());
              addOnce(passThrough, found.result());
              return new ResultReuse(
                  EmbedsGeneration.of(generation.columns(), passThrough, found.plan()),
                  found.result());
            });
  }

  private static LogicalPlan append(Project project, ResultReuse found) {
    List<NamedExpression> list = new ArrayList<>(Seqs.list(project.projectList()));
    addOnce(list, found.result());
    return project.copy(Seqs.of(list), found.plan());
  }

  private static <T extends NamedExpression> void addOnce(List<T> list, T column) {
    if (list.stream().noneMatch(e -> e.exprId().equals(column.exprId()))) {
      list.add(column);
    }
  }

  /** The call in terms of the projection's input, as far as its inputs are renamed columns. */
  private static GenerateFromEmbeds throughAliases(GenerateFromEmbeds call, Project project) {
    return call.withInputs(
        Seqs.list(call.children()).stream()
            .map(input -> Calls.throughAliases(input, project.projectList()))
            .toList());
  }
}
