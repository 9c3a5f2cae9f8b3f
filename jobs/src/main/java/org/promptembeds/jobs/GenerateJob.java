package org.promptembeds.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.jobs.files.FolderLease;
import org.promptembeds.jobs.files.InputSnapshot;
import org.promptembeds.jobs.files.OutputMode;
import org.promptembeds.jobs.files.PromptColumns;
import org.promptembeds.jobs.files.Prompts;
import org.promptembeds.jobs.files.Resumption;
import org.promptembeds.jobs.files.RunSettings;
import org.promptembeds.jobs.files.SqlText;
import org.promptembeds.jobs.files.UsageException;
import org.promptembeds.jobs.options.FileOptions;
import org.promptembeds.jobs.options.SamplingOptions;

/** From a table of prompts to files of text: one call of the SQL function, filtered and written. */
final class GenerateJob implements AutoCloseable {

  /** Hadoop's setting of when a task's files appear in the output folder. */
  private static final String COMMITTER = "mapreduce.fileoutputcommitter.algorithm.version";

  private static final String BY_JOB = "1";
  private static final String BY_TASK = "2";

  private final FileOptions files;
  private final SamplingParams params;
  private @Nullable FolderLease lease;
  private @Nullable Resumption resumption;

  GenerateJob(FileOptions files, SamplingParams params) {
    this.files = files;
    this.params = params;
  }

  /**
   * The rows of {@code prompts} that the output folder does not hold yet.
   *
   * @param model settings that choose the model
   * @throws IllegalArgumentException if the folder holds something else, or keys are not unique
   */
  Prompts unfinished(SparkSession spark, Prompts prompts, Map<String, String> model) {
    String key =
        prompts
            .keyColumn(files.idColumn())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--resume tells rows apart by a key: the input has no column id or name,"
                            + " choose one with --id-column"));
    lease = lease(spark);
    Map<String, String> settings = new HashMap<>(model);
    settings.put("call", call(prompts.columns(), files, params));
    settings.put("format", files.format().sparkName());
    settings.put("detail", String.valueOf(files.isDetailed()));
    settings.put("key", key);
    Resumption opened =
        Resumption.open(spark, files.format(), files.output(), key, new RunSettings(settings));
    resumption = opened;
    Prompts rest = opened.unfinished(prompts);
    if (rest.count() == 0) {
      opened.complete();
    }

    return rest;
  }

  private FolderLease lease(SparkSession spark) {
    Path folder = new Path(files.output());
    try {
      return FolderLease.take(
          folder.getFileSystem(spark.sessionState().newHadoopConf()),
          folder,
          Clock.systemUTC(),
          () -> spark.sparkContext().cancelAllJobs());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--resume: cannot prepare %s: %s".formatted(files.output(), e.getMessage()), e);
    }
  }

  /**
   * Looks whether what was written is what was planned: of input that did not change, every row,
   * and no key twice. Otherwise the output is not marked as complete any more.
   *
   * @throws IllegalStateException if it is not
   */
  void requireComplete(Prompts prompts, RowCounters counters, InputSnapshot snapshot) {
    try {
      snapshot.requireUnchanged();
      long rows = counters.rows().value();
      if (prompts.count() >= 0 && rows != prompts.count()) {
        throw new IllegalStateException(
            "%d rows were planned, but %d came out: the input changed while the job ran; run it again"
                .formatted(prompts.count(), rows));
      }

      if (lease != null) {
        lease.requireHeld();
      }

      if (resumption != null) {
        resumption.requireDistinctRows();
      }
    } catch (IllegalStateException e) {
      unmark(prompts.rows().sparkSession(), e);
      throw e;
    }
  }

  private void unmark(SparkSession spark, IllegalStateException reason) {
    Path success = new Path(files.output(), "_SUCCESS");
    try {
      var unused =
          success.getFileSystem(spark.sessionState().newHadoopConf()).delete(success, false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    if (lease != null) {
      lease.close();
    }
  }

  /**
   * What the output folder's mode comes to: one that is empty, such as a run that failed leaves,
   * may be written to.
   *
   * @throws UsageException if the folder holds something and the mode says that it must not
   */
  SaveMode saveMode(SparkSession spark) {
    if (files.mode() != OutputMode.ERRORIFEXISTS) {
      return files.mode().saveMode();
    }

    Path folder = new Path(files.output());
    try {
      FileSystem fileSystem = folder.getFileSystem(spark.sessionState().newHadoopConf());
      if (!fileSystem.exists(folder)) {
        return SaveMode.ErrorIfExists;
      }

      if (fileSystem.getFileStatus(folder).isFile() || fileSystem.listStatus(folder).length > 0) {
        throw new UsageException(
            "--output %s exists already and is not empty: choose another folder, --mode overwrite or append, or --resume"
                .formatted(files.output()));
      }

      return SaveMode.Append;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--output: cannot look into %s: %s".formatted(files.output(), e.getMessage()), e);
    }
  }

  /** Generates for every row and writes the results; returns when all is written. */
  void write(Prompts prompts, RowCounters counters) {
    Optional<String> key = prompts.keyColumn(files.idColumn());
    Dataset<Row> rows = key.map(prompts::identified).orElse(prompts.rows());
    GeneratedColumns columns = new GeneratedColumns(files, params);
    Dataset<Row> generated =
        rows.withColumn(GeneratedColumns.CALL, expr(call(prompts.columns(), files, params)));
    UserDefinedFunction outcome =
        udf(new RowOutcome(files.onError(), counters), DataTypes.BooleanType).asNondeterministic();
    Column keyText =
        key.map(name -> col(quoted(name)).cast("string")).orElse(lit(null).cast("string"));
    rows.sparkSession().sparkContext().setJobDescription(description(prompts.columns()));
    Dataset<Row> kept = generated.filter(outcome.apply(keyText, columns.error(), columns.tokens()));
    columns
        .rows(kept, key)
        .write()
        .format(files.format().sparkName())
        .option("header", "true")
        .option("escape", "\"")
        .option("ignoreLeadingWhiteSpace", "false")
        .option("ignoreTrailingWhiteSpace", "false")
        .option("ignoreNullFields", "false")
        .option(COMMITTER, files.isResumed() ? BY_TASK : BY_JOB)
        .mode(saveMode(generated.sparkSession()))
        .save(files.output());
  }

  /** SQL text of the function's call. */
  static String call(PromptColumns columns, FileOptions files, SamplingParams params) {
    Map<String, String> arguments = new LinkedHashMap<>(files.prompts().arguments());
    arguments.putAll(SamplingOptions.sqlArguments(params));
    return columns.call(arguments);
  }

  /** What Spark's UI calls the query. */
  private String description(PromptColumns columns) {
    return "SELECT %s FROM %s -> %s"
        .formatted(call(columns, files, params), files.describeInput(), files.output());
  }

  private static String quoted(String name) {
    return SqlText.identifier(name);
  }
}
