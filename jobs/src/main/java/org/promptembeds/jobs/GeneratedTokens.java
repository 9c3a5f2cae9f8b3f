package org.promptembeds.jobs;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Sums the metric {@code generated tokens} of the queries that run meanwhile. */
final class GeneratedTokens extends SparkListener {
  private static final String METRIC = "generated tokens";

  private final AtomicLong count = new AtomicLong();

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    for (AccumulableInfo info : CollectionConverters.asJava(end.taskInfo().accumulables())) {
      boolean ours = info.name().isDefined() && METRIC.equals(info.name().get());
      if (ours && info.update().isDefined()) {
        count.addAndGet(Long.parseLong(info.update().get().toString()));
      }
    }
  }

  /** Tokens of the tasks that have ended, as far as the listener has heard of them. */
  long count() {
    return count.get();
  }
}
