package org.promptembeds.sql.execution;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.Seq;

/** What an operator that keeps rows where they are may say of them, given its output. */
final class KeptProperties {
  private KeptProperties() {}

  /** The child's partitioning as far as it is one by columns that are still there. */
  static Partitioning partitioning(SparkPlan child, AttributeSet output) {
    Partitioning partitioning = child.outputPartitioning();
    boolean isKept =
        !(partitioning instanceof Expression expression)
            || expression.references().subsetOf(output);
    return isKept ? partitioning : new UnknownPartitioning(partitioning.numPartitions());
  }

  /** The child's order, up to the first column that is no longer there. */
  static Seq<SortOrder> ordering(SparkPlan child, AttributeSet output) {
    List<SortOrder> kept = new ArrayList<>();
    for (SortOrder order : Seqs.list(child.outputOrdering())) {
      if (!order.references().subsetOf(output)) {
        break;
      }

      kept.add(order);
    }

    return Seqs.of(kept);
  }
}
