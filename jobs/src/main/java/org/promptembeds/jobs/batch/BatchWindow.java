package org.promptembeds.jobs.batch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.promptembeds.serve.BatchEntry;

/** The lines of a task that are under way; used by the task's thread. */
final class BatchWindow implements AutoCloseable {
  /** Most lines under way, more than a model generates for at the same time. */
  private static final int MOST = 1024;

  /** How long a killed task, which Spark need not interrupt, may keep its lines. */
  private static final long KILL_CHECK_MILLIS = 100;

  private final boolean isOrdered;
  private final PartWriter writer;
  private final TaskContext context;
  private final LongAccumulator answered;
  private final ArrayDeque<BatchEntry> underWay = new ArrayDeque<>();
  private final LinkedBlockingQueue<BatchEntry> ended = new LinkedBlockingQueue<>();

  BatchWindow(boolean isOrdered, PartWriter writer, TaskContext context, LongAccumulator answered) {
    this.isOrdered = isOrdered;
    this.writer = writer;
    this.context = context;
    this.answered = answered;
  }

  /** Adds what {@code submit} gives, once there is room for it. */
  void add(Supplier<Optional<BatchEntry>> submit) throws IOException, InterruptedException {
    while (underWay.size() >= MOST) {
      awaitEnd();
    }

    Optional<BatchEntry> entry = submit.get();
    while (entry.isEmpty()) {
      awaitEnd();
      entry = submit.get();
    }

    BatchEntry added = entry.get();
    underWay.add(added);
    var unused = added.answer().whenComplete((answer, failure) -> ended.add(added));
  }

  /** Waits until all lines are written. */
  void drain() throws IOException, InterruptedException {
    while (!underWay.isEmpty()) {
      awaitEnd();
    }
  }

  /** Waits until a line has ended, or a moment, and writes what can be. */
  private void awaitEnd() throws IOException, InterruptedException {
    BatchEntry entry = ended.poll(KILL_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    context.killTaskIfInterrupted();
    if (entry == null) {
      return;
    }

    if (isOrdered) {
      while (!underWay.isEmpty() && underWay.element().isDone()) {
        write(underWay.remove());
      }
    } else {
      underWay.remove(entry);
      write(entry);
    }
  }

  private void write(BatchEntry entry) throws IOException {
    try {
      writer.write(entry.answer().join());
      answered.add(1L);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e; // the model broke down
    }
  }

  /** Gives up on lines whose answers nobody will write. */
  @Override
  public void close() {
    underWay.forEach(BatchEntry::cancel);
    underWay.clear();
  }
}
