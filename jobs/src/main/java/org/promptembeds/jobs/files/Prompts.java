package org.promptembeds.jobs.files;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The rows of the input files, in the order of the files and within them.
 *
 * @param rows the table, a string column {@link #PROBLEM} added
 * @param columns what the prompts are
 * @param count number of rows; -1 where counting would mean reading them
 */
public record Prompts(Dataset<Row> rows, PromptColumns columns, long count) {
  /** Column that says why a row cannot be a prompt; NULL for those that can. */
  public static final String PROBLEM = "__problem";

  private static final String PATH = "path";

  /** How much of a damaged line a message quotes, in characters. */
  private static final int SHOWN_LENGTH = 80;

  private static final DataType STRING = DataTypes.StringType;
  private static final long LARGEST_SPLIT_BYTES = 64L << 20;
  private static final long SMALLEST_SPLIT_BYTES = 1L << 20;

  /**
   * Opens the files; rows are read when the table is.
   *
   * @param choice of the columns of tables
   * @param partitions tasks to read with; 0 derives it from the size
   * @throws UsageException if there is no such column
   */
  public static Prompts open(
      SparkSession spark, InputFiles files, PromptChoice choice, int partitions) {
    InputFormat format = files.format(spark.sessionState().newHadoopConf());
    String input = String.join(", ", files.locations());
    return switch (format) {
      case TENSORS -> {
        if (choice.prompt() != null) {
          throw new UsageException(
              "--prompt-column %s: %s has tensors, and no texts: leave out the option"
                  .formatted(choice.prompt(), input));
        }

        yield tensors(spark, files.locations(), choice.embedsColumn(), partitions);
      }
      case PARQUET, JSON -> {
        Dataset<Row> rows =
            tables(spark, format, files.locations(), choice.embedsColumn(), partitions);
        PromptColumns columns = choice.among(names(rows), input);
        if (format == InputFormat.JSON && columns instanceof PromptColumns.Texts texts) {
          texts.columns().forEach(name -> JsonChats.requireOneKind(rows, name, files.locations()));
        }

        long count = format == InputFormat.PARQUET ? rows.count() : -1;
        yield new Prompts(rows, columns, count);
      }
    };
  }

  /** One table per file, so that Spark does not put large files before small ones. */
  private static Dataset<Row> tables(
      SparkSession spark,
      InputFormat format,
      List<String> files,
      String embedsColumn,
      int partitions) {
    if (partitions > 0) {
      spark.conf().set("spark.sql.files.minPartitionNum", partitions);
      spark.conf().set("spark.sql.files.openCostInBytes", 1);
    }

    Optional<Dataset<Row>> rows =
        files.stream()
            .map(file -> table(spark, format, file, embedsColumn))
            .reduce((before, after) -> before.unionByName(after, true));
    return rows.orElseThrow();
  }

  /** Spark's reader of JSON adds the column only where a line of the file is damaged. */
  private static Dataset<Row> table(
      SparkSession spark, InputFormat format, String file, String embedsColumn) {
    Column none = lit(null).cast(STRING);
    if (format != InputFormat.JSON) {
      return spark.read().format(format.sparkName()).load(file).withColumn(PROBLEM, none);
    }

    DataFrameReader reader =
        spark.read().option("mode", "PERMISSIVE").option("columnNameOfCorruptRecord", PROBLEM);
    Dataset<Row> inferred = reader.json(file);
    Dataset<Row> rows =
        JsonEmbeds.typed(inferred, embedsColumn, PROBLEM)
            .map(schema -> reader.schema(schema).json(file))
            .orElse(inferred);
    if (!Arrays.asList(rows.columns()).contains(PROBLEM)) {
      return rows.withColumn(PROBLEM, none);
    }

    Column line = rows.col(PROBLEM);
    Column problem =
        concat(
            lit(file + ": a line "),
            when(JsonEmbeds.isJson(line), "has '%s' of another type: ".formatted(embedsColumn))
                .otherwise("is not a JSON object: "),
            substring(line, 1, SHOWN_LENGTH));
    return rows.withColumn(PROBLEM, when(line.isNotNull(), problem));
  }

  private static Prompts tensors(
      SparkSession spark, List<String> files, String embedsColumn, int partitions) {
    DataFrameReader reader =
        spark
            .read()
            .format(InputFormat.TENSORS.sparkName())
            .option("mode", "PERMISSIVE")
            .option("columnNameOfCorruptRecord", PROBLEM)
            .option("embedsColumn", embedsColumn);
    String[] paths = files.stream().map(Prompts::escaped).toArray(String[]::new);
    Dataset<Row> whole = reader.load(paths);
    Statistics statistics = whole.queryExecution().optimizedPlan().stats();
    long splitBytes =
        splitBytes(
            statistics.sizeInBytes().toLong(),
            partitions,
            spark.sparkContext().defaultParallelism());
    Dataset<Row> rows = reader.schema(whole.schema()).option("splitBytes", splitBytes).load(paths);
    long count = statistics.rowCount().isDefined() ? statistics.rowCount().get().toLong() : -1;
    // The rows are flat, and how to cut them is the tensor's affair, not the model's.
    return new Prompts(rows, new PromptColumns.Embeds("embeds, hidden_size => hidden_size"), count);
  }

  /** A file that is there, with what Hadoop would take for a pattern made plain. */
  private static String escaped(String location) {
    return location.startsWith("/") ? location.replaceAll("[\\\\{}\\[\\]*?,]", "\\\\$0") : location;
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
  public Optional<String> keyColumn(Optional<String> wanted) {
    wanted.ifPresent(name -> PromptChoice.requireColumn("--id-column", name, names(rows)));
    return wanted.or(
        () -> List.of("id", "name").stream().filter(names(rows)::contains).findFirst());
  }

  /**
   * The rows, each with a key where it has none because its whole file is damaged: the file's path.
   *
   * @param key column of the keys
   */
  public Dataset<Row> identified(String key) {
    Column keys = rows.col(SqlText.identifier(key));
    if (!names(rows).contains(PATH) || !rows.schema().apply(key).dataType().equals(STRING)) {
      return rows;
    }

    Column identified = when(rows.col(PROBLEM).isNotNull(), coalesce(keys, rows.col(PATH)));
    return rows.withColumn(key, identified.otherwise(keys));
  }

  /** Some of the rows. */
  Prompts with(Dataset<Row> someRows, long newCount) {
    return new Prompts(someRows, columns, newCount);
  }

  private static List<String> names(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(PROBLEM)).toList();
  }
}
