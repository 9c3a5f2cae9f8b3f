package org.promptembeds.jobs.files;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * An output folder that runs add to until every row is there, whatever ends a run before.
 *
 * <p>A task's file appears in the folder in one step, when it is whole. Files of tasks that were
 * under way lie below {@link #TEMPORARY}, which is removed before the folder is looked at: what an
 * earlier run has not committed by then it cannot commit any more.
 */
public final class Resumption {
  private static final String TEMPORARY = "_temporary";
  private static final String SUCCESS = "_SUCCESS";
  private static final String DONE = "__done";

  /** So many rows are asked for by their keys, so that a source need not read the others. */
  private static final int MOST_NAMED = 10_000;

  private final SparkSession spark;
  private final OutputFormat format;
  private final String output;
  private final String key;
  private final FileSystem files;
  private final Path folder;
  private final boolean hasRows;
  private DataType keyType = DataTypes.StringType;

  private Resumption(
      SparkSession spark, OutputFormat format, String output, String key, RunSettings settings)
      throws IOException {
    this.spark = spark;
    this.format = format;
    this.output = output;
    this.key = key;
    this.folder = new Path(output);
    this.files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
    files.mkdirs(folder);
    files.delete(new Path(folder, TEMPORARY), true);
    this.hasRows = !dataFiles().isEmpty();
    settings.agree(files, folder);
  }

  /**
   * Prepares the folder {@code output}, which is made if need be.
   *
   * @param key column that tells rows apart
   * @throws IllegalArgumentException if it holds something else than results of these settings
   */
  public static Resumption open(
      SparkSession spark, OutputFormat format, String output, String key, RunSettings settings) {
    try {
      return new Resumption(spark, format, output, key, settings);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--resume: cannot prepare %s: %s".formatted(output, e.getMessage()), e);
    }
  }

  private List<FileStatus> dataFiles() throws IOException {
    String extension = "." + format.sparkName();
    List<FileStatus> found = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith("_") || name.startsWith(".")) {
        continue;
      }

      if (!status.isFile() || !(name.endsWith(extension) || name.contains(extension + "."))) {
        throw new IllegalArgumentException(
            "--resume: %s holds %s, which is no %s file: choose another --output or --format"
                .formatted(folder, name, format.sparkName()));
      }

      found.add(status);
    }

    return found;
  }

  /**
   * The rows of {@code prompts} whose key the folder does not hold.
   *
   * @throws IllegalArgumentException if keys are missing, repeated, or of a type whose text may
   *     differ between input and output
   */
  public Prompts unfinished(Prompts prompts) {
    DataType type = prompts.rows().schema().apply(key).dataType();
    requireExactType(type);
    Dataset<Row> rows = prompts.rows();
    Dataset<Row> wanted = prompts.identified(key).select(text(col(quoted())).as(key));
    keyType = type;
    requireDistinct(wanted);
    if (!hasRows) {
      return prompts;
    }

    requireDistinctRows();
    Dataset<Row> done = broadcast(finished(type));
    Dataset<Row> left =
        wanted.join(done, wanted.col(quoted()).equalTo(done.col(DONE)), "left_anti");
    if (type instanceof StringType) {
      Object[] keys =
          left.limit(MOST_NAMED + 1).collectAsList().stream().map(row -> row.get(0)).toArray();
      if (keys.length <= MOST_NAMED && rows.filter(rows.col(quoted()).isNull()).isEmpty()) {
        return prompts.with(rows.filter(rows.col(quoted()).isin(keys)), keys.length);
      }
    }

    Dataset<Row> identified = prompts.identified(key);
    Column same = text(identified.col(quoted())).equalTo(done.col(DONE));
    return prompts.with(identified.join(done, same, "left_anti"), left.count());
  }

  /**
   * Looks whether the folder holds every key once.
   *
   * @throws IllegalStateException naming a key that it holds several times
   */
  public void requireDistinctRows() {
    try {
      if (dataFiles().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("--resume: cannot look into " + output, e);
    }

    List<Row> twice =
        finished(keyType).groupBy(col(DONE)).count().filter(col("count").gt(1)).takeAsList(1);
    for (Row row : twice) {
      throw new IllegalStateException(
          "--resume: %s holds %d rows whose '%s' is '%s', as two runs at a time may write: generate into another --output"
              .formatted(output, row.getLong(1), key, row.get(0)));
    }
  }

  /** Marks the folder as complete, as a run that writes the last rows would. */
  public void complete() {
    try {
      Path success = new Path(folder, SUCCESS);
      if (!files.exists(success)) {
        files.create(success, false).close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot mark %s as complete".formatted(folder), e);
    }
  }

  private Dataset<Row> finished(DataType type) {
    DataFrameReader reader =
        spark
            .read()
            .format(format.sparkName())
            .option("header", "true")
            .option("escape", "\"")
            .option("nullValue", "\u0000") // keys are not NULL, but may be empty
            .option("multiLine", String.valueOf(format == OutputFormat.CSV));
    if (format == OutputFormat.JSON) {
      reader = reader.schema(new StructType().add(key, type));
    }

    Dataset<Row> rows = reader.load(output);
    if (!Arrays.asList(rows.columns()).contains(key)) {
      throw new IllegalArgumentException(
          "--resume: the files of %s have no column '%s', only %s"
              .formatted(output, key, String.join(", ", rows.columns())));
    }

    return rows.select(text(col(quoted())).as(DONE));
  }

  private void requireExactType(DataType type) {
    if (!(type instanceof StringType
        || type instanceof IntegralType
        || type instanceof DecimalType)) {
      throw new IllegalArgumentException(
          "--resume tells rows apart by text or whole numbers: column '%s' is of type %s"
              .formatted(key, type.sql()));
    }
  }

  private void requireDistinct(Dataset<Row> wanted) {
    List<Row> faults =
        wanted
            .groupBy(wanted.col(quoted()))
            .count()
            .filter(col(quoted()).isNull().or(col("count").gt(1)))
            .takeAsList(1);
    for (Row fault : faults) {
      throw new IllegalArgumentException(
          "--resume needs a different key in every row: column '%s' has %s in %d %s"
              .formatted(
                  key,
                  fault.isNullAt(0) ? "NULL" : "'" + fault.get(0) + "'",
                  fault.getLong(1),
                  fault.getLong(1) == 1 ? "row" : "rows"));
    }
  }

  private static Column text(Column column) {
    return column.cast(DataTypes.StringType);
  }

  private String quoted() {
    return SqlText.identifier(key);
  }
}
