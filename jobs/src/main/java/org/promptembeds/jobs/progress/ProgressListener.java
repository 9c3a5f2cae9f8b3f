package org.promptembeds.jobs.progress;

import java.util.function.Consumer;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.sql.execution.SparkPlanInfo;
import org.apache.spark.sql.execution.metric.SQLMetricInfo;
import org.apache.spark.sql.execution.ui.SparkListenerSQLAdaptiveExecutionUpdate;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/** Tells a tally what Spark says of its jobs; called by Spark's listener thread. */
final class ProgressListener extends SparkListener {
  private static final String OPERATOR = "GenerateFromEmbeds";

  private final Consumer<Consumer<Tally>> updates;

  ProgressListener(Consumer<Consumer<Tally>> updates) {
    this.updates = updates;
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof SparkListenerSQLExecutionStart start) {
      updates.accept(tally -> learn(start.sparkPlanInfo(), tally));
    } else if (event instanceof SparkListenerSQLAdaptiveExecutionUpdate update) {
      updates.accept(tally -> learn(update.sparkPlanInfo(), tally));
    }
  }

  private static void learn(SparkPlanInfo plan, Tally tally) {
    if (plan.nodeName().equals(OPERATOR)) {
      each(plan.metrics(), metric -> learn(metric, tally));
    }

    each(plan.children(), child -> learn(child, tally));
  }

  private static void learn(SQLMetricInfo metric, Tally tally) {
    switch (metric.name()) {
      case "number of output rows" -> tally.learn(Tally.Kind.ROWS, metric.accumulatorId());
      case "generated tokens" -> tally.learn(Tally.Kind.TOKENS, metric.accumulatorId());
      case "time waiting for the model" -> tally.learn(Tally.Kind.LOADING, metric.accumulatorId());
      default -> {}
    }
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    updates.accept(tally -> each(start.stageInfos(), stage -> tally.expect(stage.numTasks())));
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (generates(submitted.stageInfo())) {
      updates.accept(Tally::generates);
    }
  }

  private static boolean generates(StageInfo stage) {
    return stage
        .rddInfos()
        .exists(rdd -> rdd.scope().isDefined() && rdd.scope().get().name().startsWith(OPERATOR));
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    updates.accept(
        tally -> tally.taskStarted(start.taskInfo().taskId(), start.taskInfo().launchTime()));
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    updates.accept(
        tally ->
            each(
                update.accumUpdates(),
                task -> each(task._4(), info -> running(tally, (Long) task._1(), info))));
  }

  private static void running(Tally tally, long task, AccumulableInfo info) {
    if (info.update().isDefined() && info.update().get() instanceof Long value) {
      tally.running(task, info.id(), value);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    long task = end.taskInfo().taskId();
    updates.accept(
        tally -> {
          each(end.taskInfo().accumulables(), info -> ended(tally, task, info));
          tally.taskEnded(task, end.reason().equals(Success$.MODULE$));
        });
  }

  private static void ended(Tally tally, long task, AccumulableInfo info) {
    if (info.update().isDefined() && info.update().get() instanceof Long value) {
      tally.endedWith(task, info.id(), value);
    }
  }

  private static <T> void each(Iterable<T> elements, Consumer<T> action) {
    CollectionConverters.asJava(elements).forEach(action);
  }
}
