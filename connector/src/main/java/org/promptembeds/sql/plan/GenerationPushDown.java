package org.promptembeds.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.promptembeds.sql.call.GeneratedColumn;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.Seq;

/**
 * Moves filters, limits and projections below {@link EmbedsGeneration}, as the optimizer does for
 * the operators it knows.
 */
final class GenerationPushDown {
  private GenerationPushDown() {}

  /** {@code plan}, or what it becomes if it stands over a generation. */
  static LogicalPlan apply(LogicalPlan plan) {
    if (plan instanceof Filter filter && filter.child() instanceof EmbedsGeneration generation) {
      return pushFilter(filter, generation);
    }

    if (plan instanceof Project project) {
      return prune(project);
    }

    if (plan instanceof LocalLimit limit) {
      return pushLocalLimit(limit);
    }

    if (plan instanceof GlobalLimit) {
      return LimitedRows.of(plan).map(GenerationPushDown::pushTop).orElse(plan);
    }

    if (plan instanceof EmbedsGeneration generation) {
      return generation.child() instanceof Expand expand
          ? pushBelow(generation, expand)
          : merge(generation);
    }

    return plan;
  }

  /** Conjuncts that do not look at a result go below. */
  private static LogicalPlan pushFilter(Filter filter, EmbedsGeneration generation) {
    List<Expression> below = new ArrayList<>();
    List<Expression> above = new ArrayList<>();
    for (Expression conjunct : Calls.conjuncts(filter.condition())) {
      boolean canMove =
          conjunct.deterministic()
              && conjunct.references().subsetOf(generation.child().outputSet());
      (canMove ? below : above).add(conjunct);
    }

    if (below.isEmpty()) {
      return filter;
    }

    LogicalPlan moved = generation.withChild(new Filter(conjunction(below), generation.child()));
    return above.isEmpty() ? moved : new Filter(conjunction(above), moved);
  }

  private static Expression conjunction(List<Expression> conjuncts) {
    return conjuncts.stream().reduce(And::new).orElseThrow();
  }

  /** Columns and results that nobody wants are dropped. */
  private static LogicalPlan prune(Project project) {
    AttributeSet wanted = project.references();
    if (project.child() instanceof EmbedsGeneration generation) {
      return withChild(project, prune(generation, wanted), generation);
    }

    if (project.child() instanceof Filter filter
        && filter.child() instanceof EmbedsGeneration generation) {
      LogicalPlan pruned = prune(generation, wanted.$plus$plus(filter.references()));
      return pruned == generation
          ? project
          : withChild(project, new Filter(filter.condition(), pruned), filter);
    }

    return project;
  }

  private static Project withChild(Project project, LogicalPlan newChild, LogicalPlan oldChild) {
    return newChild == oldChild ? project : project.copy(project.projectList(), newChild);
  }

  private static LogicalPlan prune(EmbedsGeneration generation, AttributeSet wanted) {
    List<GeneratedColumn> columns =
        generation.columns().stream().filter(column -> isIn(wanted, column.result())).toList();
    List<Attribute> passThrough =
        generation.passThrough().stream().filter(column -> isIn(wanted, column)).toList();
    if (columns.size() == generation.columns().size()
        && passThrough.size() == generation.passThrough().size()) {
      return generation;
    }

    return columns.isEmpty()
        ? new Project(Seqs.of(passThrough), generation.child())
        : EmbedsGeneration.of(columns, passThrough, generation.child());
  }

  private static boolean isIn(AttributeSet set, Attribute column) {
    return set.contains((NamedExpression) column);
  }

  private static LogicalPlan pushLocalLimit(LocalLimit limit) {
    if (limit.child() instanceof EmbedsGeneration generation) {
      return limit.withNewChildren(Seqs.of(List.of(limited(limit, generation))));
    }

    if (limit.child() instanceof Project project
        && project.child() instanceof EmbedsGeneration generation) {
      return limit.withNewChildren(
          Seqs.of(List.of(withChild(project, limited(limit, generation), generation))));
    }

    return limit;
  }

  private static LogicalPlan limited(LocalLimit limit, EmbedsGeneration generation) {
    LogicalPlan child = generation.child();
    if (!limit.limitExpr().foldable() || !(limit.limitExpr().eval(null) instanceof Integer rows)) {
      return generation;
    }

    boolean isLimited =
        child.maxRowsPerPartition().isDefined() && (Long) child.maxRowsPerPartition().get() <= rows;
    return isLimited ? generation : generation.withChild(new LocalLimit(limit.limitExpr(), child));
  }

  /** The first rows of an order that no result takes part in are chosen before generating. */
  private static LogicalPlan pushTop(LimitedRows rows) {
    if (rows.input() instanceof Project project && project.child() instanceof Sort sort) {
      LogicalPlan bare = rows.from(sort);
      LogicalPlan pushed = LimitedRows.of(bare).map(GenerationPushDown::pushTop).orElse(bare);
      return pushed == bare ? rows.limit() : prune(project.copy(project.projectList(), pushed));
    }

    if (!(rows.input() instanceof Sort sort) || !sort.global()) {
      return rows.limit();
    }

    if (sort.child() instanceof EmbedsGeneration generation && isBelow(sort, generation)) {
      return pushTop(rows, sort, generation);
    }

    if (sort.child() instanceof Project project
        && project.child() instanceof EmbedsGeneration generation) {
      Sort renamed =
          (Sort)
              sort.mapExpressions(
                  Seqs.function((Expression e) -> Calls.throughAliases(e, project.projectList())));
      if (isBelow(renamed, generation)) {
        return withChild(project, pushTop(rows, renamed, generation), generation);
      }
    }

    return rows.limit();
  }

  private static LogicalPlan pushTop(LimitedRows rows, Sort sort, EmbedsGeneration generation) {
    LogicalPlan sorted = sort.withNewChildren(Seqs.of(List.of(generation.child())));
    return generation.withChild(rows.from(sorted));
  }

  private static boolean isBelow(Sort sort, EmbedsGeneration generation) {
    return sort.order()
        .forall(
            order ->
                order.deterministic()
                    && order.references().subsetOf(generation.child().outputSet()));
  }

  /** Two generations that do not need each other run together. */
  private static LogicalPlan merge(EmbedsGeneration upper) {
    if (!(upper.child() instanceof EmbedsGeneration lower)) {
      return upper;
    }

    AttributeSet available = lower.child().outputSet();
    if (!upper.columns().stream().allMatch(c -> c.call().references().subsetOf(available))) {
      return upper;
    }

    List<GeneratedColumn> columns = new ArrayList<>(lower.columns());
    columns.addAll(upper.columns());
    List<Attribute> passThrough =
        upper.passThrough().stream().filter(column -> isIn(available, column)).toList();
    return new Project(
        Seqs.of(Seqs.list(upper.output())),
        EmbedsGeneration.of(columns, passThrough, lower.child()));
  }

  /** Rows are generated for before grouping sets repeat them. */
  private static LogicalPlan pushBelow(EmbedsGeneration generation, Expand expand) {
    LogicalPlan child = expand.child();
    boolean canMove =
        generation.columns().stream()
            .allMatch(
                column ->
                    Seqs.list(column.call().references().toSeq()).stream()
                        .allMatch(input -> isIn(child.outputSet(), input) && keeps(expand, input)));
    if (!canMove) {
      return generation;
    }

    List<Attribute> results = generation.columns().stream().map(GeneratedColumn::result).toList();
    List<Seq<Expression>> projections = new ArrayList<>();
    for (Seq<Expression> projection : Seqs.list(expand.projections())) {
      projections.add(Seqs.of(concat(Seqs.list(projection), results)));
    }

    LogicalPlan moved =
        new Expand(
            Seqs.of(projections),
            Seqs.of(concat(Seqs.list(expand.output()), results)),
            EmbedsGeneration.of(generation.columns(), Seqs.list(child.output()), child));
    return new Project(Seqs.of(Seqs.list(generation.output())), moved);
  }

  /** Whether {@code input} has its own value in every copy of a row. */
  private static boolean keeps(Expand expand, Attribute input) {
    int index = Seqs.list(expand.output()).indexOf(input);
    return index >= 0 && expand.projections().forall(p -> p.apply(index).semanticEquals(input));
  }

  private static <T> List<T> concat(List<? extends T> first, List<? extends T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
