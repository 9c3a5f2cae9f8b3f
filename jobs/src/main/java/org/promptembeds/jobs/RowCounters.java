package org.promptembeds.jobs;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts of what the executors have done, which reach the driver with every heartbeat and task.
 *
 * @param rows rows that came out, failed ones included
 * @param failed rows that could not be generated for
 * @param tokens tokens generated
 */
record RowCounters(LongAccumulator rows, LongAccumulator failed, LongAccumulator tokens)
    implements Serializable {

  /** Counters at zero. */
  static RowCounters register(SparkContext context) {
    return new RowCounters(
        context.longAccumulator("prompt-embeds rows"),
        context.longAccumulator("prompt-embeds failed rows"),
        context.longAccumulator("prompt-embeds tokens"));
  }
}
