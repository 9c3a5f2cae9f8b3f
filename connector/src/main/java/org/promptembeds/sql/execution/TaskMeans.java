package org.promptembeds.sql.execution;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;

/**
 * A metric that cannot be summed: least, median and greatest of what tasks set. Public with a
 * constructor without parameters, as Spark makes it by reflection to show it.
 *
 * <p>Spark's own average metric puts commas into numbers from 1,000 on, and its page takes them for
 * the next number.
 */
public final class TaskMeans implements CustomMetric {
  private static final double UNITS = 1000; // a task's value is in thousandths
  private static final MathContext SHOWN_DIGITS = new MathContext(4);

  private final String description;

  public TaskMeans() {
    this("mean per task");
  }

  private TaskMeans(String description) {
    this.description = description;
  }

  static SQLMetric create(SparkContext context, String description) {
    return SQLMetrics.createV2CustomMetric(context, new TaskMeans(description));
  }

  /** Sets the task's value of a metric made by {@link #create}. */
  static void set(SQLMetric metric, double value) {
    metric.set(Math.round(value * UNITS));
  }

  @Override
  public String name() {
    return "taskMeans";
  }

  @Override
  public String description() {
    return description;
  }

  /**
   * The text that the page shows, in the form of Spark's own; tasks that set nothing are left out.
   */
  @Override
  public String aggregateTaskMetrics(long[] taskMetrics) {
    long[] values = Arrays.stream(taskMetrics).filter(value -> value > 0).sorted().toArray();
    if (values.length < 2) {
      return values.length == 0 ? "0" : text(values[0]);
    }

    return "(min, med, max):\n(%s, %s, %s)"
        .formatted(
            text(values[0]), text(values[values.length / 2]), text(values[values.length - 1]));
  }

  private static String text(long value) {
    return new BigDecimal(value / UNITS).round(SHOWN_DIGITS).stripTrailingZeros().toPlainString();
  }
}
