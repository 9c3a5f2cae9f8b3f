package org.promptembeds.jobs.batch;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.promptembeds.jobs.files.FolderLease;
import org.promptembeds.jobs.files.RunSettings;
import org.promptembeds.jobs.files.UsageException;
import org.promptembeds.jobs.progress.Progress;

/**
 * One run over a batch file: Spark's tasks answer parts of it into a folder beside the output,
 * which becomes the output when all are finished.
 */
public final class BatchRun {
  private static final long BYTES_PER_PART = 256 << 10;
  private static final int FEWEST_PARTS = 8;
  private static final int MOST_PARTS = 10_000;

  private final SparkSession spark;
  private final BatchPaths paths;
  private final BatchParts parts;
  private final Configuration configuration;

  /** A run that has not begun. */
  public BatchRun(SparkSession spark, BatchPaths paths) {
    this.spark = spark;
    this.paths = paths;
    this.parts = new BatchParts(paths.output() + ".parts", paths.errors().isPresent());
    this.configuration = spark.sparkContext().hadoopConfiguration();
  }

  /**
   * Lines by what became of them.
   *
   * @param failed those in the file of errors
   */
  public record Outcome(long answered, long failed) {}

  /**
   * Answers every line that no earlier run has answered.
   *
   * @throws UsageException if the output is there, or another run is at it
   * @throws IllegalStateException if the input changed meanwhile
   */
  public Outcome run(BatchModel model, long maxHeldBytes, PrintWriter console) throws IOException {
    Path folder = new Path(parts.folder());
    FileSystem files = folder.getFileSystem(configuration);
    requireNew(files, folder);
    FileStatus input = status();
    int count = paths.partitions() > 0 ? paths.partitions() : partitions(input.getLen());
    try (FolderLease lease =
        FolderLease.take(
            files, folder, Clock.systemUTC(), () -> spark.sparkContext().cancelAllJobs())) {
      settings(model, input, count).agree(files, folder);
      JavaRDD<String> lines =
          JavaSparkContext.fromSparkContext(spark.sparkContext()).textFile(paths.input(), count);
      long total = lines.filter(line -> !line.isBlank()).count();
      answer(lines, total, model, maxHeldBytes, console);
      lease.requireHeld();
      Outcome outcome = gather(files, lines.getNumPartitions());
      requireAll(outcome, total, input);
      var unused = files.delete(folder, true);
      return outcome;
    }
  }

  private void answer(
      JavaRDD<String> lines, long total, BatchModel model, long maxHeldBytes, PrintWriter console) {
    LongAccumulator answered = spark.sparkContext().longAccumulator("prompt-embeds answers");
    BatchTask task =
        new BatchTask(
            paths.input(),
            model,
            maxHeldBytes,
            paths.isOrdered(),
            parts,
            new SerializableConfiguration(configuration),
            answered);
    Progress progress = Progress.of(spark.sparkContext(), "requests", answered, total, console);
    try (progress) {
      lines.zipWithIndex().foreachPartition(task);
    }
  }

  private Outcome gather(FileSystem files, int count) throws IOException {
    long failed =
        paths.errors().isPresent()
            ? parts.gather(files, count, BatchParts.Kind.ERRORS, new Path(paths.errors().get()))
            : 0;
    long answered = parts.gather(files, count, BatchParts.Kind.RESULTS, new Path(paths.output()));
    return new Outcome(answered, failed);
  }

  private void requireAll(Outcome outcome, long total, FileStatus before) throws IOException {
    FileStatus now = status();
    if (now.getLen() != before.getLen()
        || now.getModificationTime() != before.getModificationTime()
        || outcome.answered() + outcome.failed() != total) {
      throw new IllegalStateException(
          "%s changed while it was read: of %d lines %d have an answer; delete %s and run again"
              .formatted(
                  paths.input(), total, outcome.answered() + outcome.failed(), paths.output()));
    }
  }

  private void requireNew(FileSystem files, Path folder) throws IOException {
    if (files.exists(new Path(paths.output()))) {
      throw new UsageException(
          "--output %s exists already: choose another file, or delete it"
              .formatted(paths.output()));
    }

    if (!paths.isResumed() && files.exists(folder)) {
      throw new UsageException(
          "--output: an earlier run left %s: --resume goes on with it, or delete it"
              .formatted(folder));
    }
  }

  private FileStatus status() throws IOException {
    Path input = new Path(paths.input());
    return input.getFileSystem(configuration).getFileStatus(input);
  }

  private static int partitions(long bytes) {
    return (int) Math.max(FEWEST_PARTS, Math.min(MOST_PARTS, bytes / BYTES_PER_PART));
  }

  private RunSettings settings(BatchModel model, FileStatus input, int partitions) {
    Map<String, String> settings = new HashMap<>();
    settings.put("input", input.getPath().toString());
    settings.put("bytes", String.valueOf(input.getLen()));
    settings.put("modified", String.valueOf(input.getModificationTime()));
    settings.put("model", model.backend().toString());
    settings.put("served-model-name", model.name());
    settings.put("tool-call-parser", model.parsers().toolCalls());
    settings.put("reasoning-parser", model.parsers().reasoning());
    settings.put("partitions", String.valueOf(partitions));
    settings.put("errors", paths.errors().orElse("in the output"));
    return new RunSettings(settings);
  }
}
