package org.promptembeds.jobs.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.promptembeds.executor.BackendLease;
import org.promptembeds.executor.Backends;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.executor.TaskDevice;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.Client;
import org.promptembeds.serve.BatchApi;
import org.promptembeds.serve.ServedModel;
import org.promptembeds.torch.LocalBackend;
import scala.Tuple2;

/**
 * Answers the lines of one partition with the executor's model.
 *
 * @param input what messages call the file
 * @param maxHeldBytes most memory of a task's requests under way, in bytes
 * @param isOrdered whether answers are in the order of the lines
 * @param answered counts the answers
 */
record BatchTask(
    String input,
    BatchModel model,
    long maxHeldBytes,
    boolean isOrdered,
    BatchParts parts,
    SerializableConfiguration configuration,
    LongAccumulator answered)
    implements VoidFunction<Iterator<Tuple2<String, Long>>> {
  private static final Duration KEPT_IDLE = Duration.ofMinutes(10);

  @Override
  public void call(Iterator<Tuple2<String, Long>> lines) throws IOException, InterruptedException {
    TaskContext context = TaskContext.get();
    FileSystem files = new Path(parts.folder()).getFileSystem(configuration.value());
    int part = context.partitionId();
    if (!lines.hasNext() || parts.isFinished(files, part)) {
      return;
    }

    BackendLease lease =
        Backends.shared()
            .lease(
                TaskDevice.choices(model.backend(), context),
                KEPT_IDLE,
                context::killTaskIfInterrupted);
    TaskCompletionListener giveBack = ended -> lease.close();
    context.addTaskCompletionListener(giveBack);
    BatchApi api = new BatchApi(served(lease), maxHeldBytes);
    try (PartWriter writer = new PartWriter(parts, files, part, context.taskAttemptId());
        BatchWindow window = new BatchWindow(isOrdered, writer, context, answered)) {
      while (lines.hasNext()) {
        Tuple2<String, Long> line = lines.next();
        if (!line._1().isBlank()) {
          byte[] bytes = line._1().getBytes(StandardCharsets.UTF_8);
          String name = "line %d of %s".formatted(line._2() + 1, input);
          window.add(() -> api.submit(bytes, name, Client.ANONYMOUS));
        }
      }

      window.drain();
      writer.commit();
    }
  }

  private ServedModel served(BackendLease lease) {
    if (!(lease.loaded().backend() instanceof LocalBackend backend)) {
      throw new BackendException(
          "%s is a server: batches need the directory of a model, or are sent to the server itself"
              .formatted(model.backend().model()));
    }

    return ServedModel.of(model.name(), backend, PromptModel.of(model.backend().model()).encoder())
        .with(model.parsers());
  }
}
