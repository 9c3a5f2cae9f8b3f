package org.promptembeds.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.SafetensorsFile;

/**
 * The rows of the input files, in the order of the files and within them.
 *
 * @param rows the table, a string column {@link #PROBLEM} added
 * @param count number of rows; -1 where counting would mean reading them
 * @param tensorNames the column {@code name} alone, where it is known without reading rows
 */
record Prompts(Dataset<Row> rows, long count, @Nullable Dataset<Row> tensorNames) {
  /** Column that says why a row cannot be a prompt; NULL for those that can. */
  static final String PROBLEM = "__problem";

  private static final long LARGEST_SPLIT_BYTES = 64L << 20;
  private static final long SMALLEST_SPLIT_BYTES = 1L << 20;

  /**
   * Opens the files; rows are read when the table is.
   *
   * @param partitions tasks to read with; 0 derives it from the size
   */
  static Prompts open(SparkSession spark, InputFiles files, int partitions) {
    return switch (files.format()) {
      case SAFETENSORS -> tensors(spark, files.locations(), partitions);
      case PARQUET -> {
        Dataset<Row> rows = tables(spark, files, partitions);
        yield new Prompts(rows, rows.count(), null);
      }
      case JSON -> new Prompts(tables(spark, files, partitions), -1, null);
    };
  }

  /** One table per file, so that Spark does not put large files before small ones. */
  private static Dataset<Row> tables(SparkSession spark, InputFiles files, int partitions) {
    if (partitions > 0) {
      spark.conf().set("spark.sql.files.minPartitionNum", partitions);
      spark.conf().set("spark.sql.files.openCostInBytes", 1);
    }

    Optional<Dataset<Row>> rows =
        files.locations().stream()
            .map(file -> spark.read().format(files.format().sparkName()).load(file))
            .reduce((before, after) -> before.unionByName(after, true));
    return rows.orElseThrow().withColumn(PROBLEM, functions.lit(null).cast("string"));
  }

  private static Prompts tensors(SparkSession spark, List<String> files, int partitions) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<List<SafetensorsFile.Entry>> entries = files.stream().map(Prompts::entries).toList();
    long totalBytes =
        entries.stream().flatMap(List::stream).mapToLong(SafetensorsFile.Entry::byteCount).sum();
    long splitBytes = splitBytes(totalBytes, partitions, context.defaultParallelism());
    List<TensorSplit> splits = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      splits.addAll(TensorSplit.of(files.get(i), entries.get(i), splitBytes));
    }

    JavaRDD<PromptRow> rows =
        context.parallelize(splits, Math.max(1, splits.size())).flatMap(TensorSplit::rows);
    Dataset<Row> table =
        spark
            .createDataset(rows.rdd(), Encoders.bean(PromptRow.class))
            .selectExpr("name", "embeds", "problem AS " + PROBLEM);
    List<String> names =
        entries.stream().flatMap(List::stream).map(SafetensorsFile.Entry::name).toList();
    return new Prompts(
        table, names.size(), spark.createDataset(names, Encoders.STRING()).toDF("name"));
  }

  private static List<SafetensorsFile.Entry> entries(String file) {
    try (SafetensorsFile open = SafetensorsFile.open(Path.of(file))) {
      return open.entries();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static long splitBytes(long totalBytes, int partitions, int parallelism) {
    if (partitions > 0) {
      return totalBytes / partitions + 1;
    }

    long perCore = totalBytes / Math.max(1, parallelism) + 1;
    return Math.min(LARGEST_SPLIT_BYTES, Math.max(SMALLEST_SPLIT_BYTES, perCore));
  }

  /**
   * The column that tells rows apart: {@code wanted}, or {@code id} or {@code name} where the table
   * has one.
   *
   * @throws IllegalArgumentException if {@code wanted} is not a column
   */
  Optional<String> keyColumn(Optional<String> wanted) {
    wanted.ifPresent(name -> requireColumn("--id-column", name));
    return wanted.or(() -> List.of("id", "name").stream().filter(columns()::contains).findFirst());
  }

  /** One column of the rows, read without the others where the format allows it. */
  Dataset<Row> keys(String column) {
    return tensorNames != null && column.equals("name")
        ? tensorNames
        : rows.select(functions.col(SqlText.identifier(column)));
  }

  /**
   * Checks that the table has a column.
   *
   * @throws IllegalArgumentException naming the columns there are
   */
  void requireColumn(String option, String name) {
    if (!columns().contains(name)) {
      throw new IllegalArgumentException(
          "%s: the input has no column '%s', only %s"
              .formatted(option, name, String.join(", ", columns())));
    }
  }

  private List<String> columns() {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(PROBLEM)).toList();
  }
}
