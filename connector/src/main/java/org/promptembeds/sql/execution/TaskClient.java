package org.promptembeds.sql.execution;

import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Client;

/** Who asks for the rows of a task: its query, and within it the task. */
final class TaskClient {
  /** The local property in which Spark keeps the number of a query. */
  static final String QUERY = "spark.sql.execution.id";

  private TaskClient() {}

  static Client of(TaskContext task) {
    @Nullable String query = task.getLocalProperty(QUERY);
    return new Client(
        query == null ? "stage " + task.stageId() : "query " + query,
        "task " + task.taskAttemptId(),
        1);
  }
}
