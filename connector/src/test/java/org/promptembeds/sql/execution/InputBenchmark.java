package org.promptembeds.sql.execution;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.promptembeds.testing.TimedBackend;

/**
 * How fast embeddings come from files of the page cache to a backend, in one task, with Spark's
 * conversion to rows and without it, and how fast the source alone fills batches, against a plain
 * copy of the same bytes in the same run.
 *
 * <p>Run with a class path alone: {@code InputBenchmark [directory] [rows] [floats per row]
 * [repetitions]}, by default {@code target/input-benchmark 128 524288 7}. Files are written once. A
 * repetition goes through all inputs once; figures are medians.
 */
public final class InputBenchmark {
  /** From a file to a backend through rows or batches, or only to the batches. */
  private enum Way {
    ROWS,
    COLUMNAR,
    DECODED
  }

  private final SparkSession spark;
  private final Path directory;
  private final int rows;
  private final int floats;
  private final Map<String, Dataset<Row>> inputs = new LinkedHashMap<>();

  private InputBenchmark(SparkSession spark, Path directory, int rows, int floats) {
    this.spark = spark;
    this.directory = directory;
    this.rows = rows;
    this.floats = floats;
  }

  public static void main(String[] arguments) {
    String[] defaults = {"target/input-benchmark", "128", "524288", "7"};
    System.arraycopy(arguments, 0, defaults, 0, arguments.length);
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.promptembeds.model", "fake://timed")
            .config("spark.promptembeds.maxInFlightBytes", "64m")
            .config("spark.sql.parquet.columnarReaderBatchSize", 4)
            .config("spark.sql.parquet.compression.codec", "uncompressed")
            .config("spark.sql.files.maxPartitionBytes", "16g")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    InputBenchmark benchmark =
        new InputBenchmark(
            spark,
            Path.of(defaults[0]).toAbsolutePath(),
            Integer.parseInt(defaults[1]),
            Integer.parseInt(defaults[2]));
    benchmark.open();
    benchmark.run(Integer.parseInt(defaults[3]));
    spark.stop();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private boolean isMissing(String name) {
    return Files.notExists(directory.resolve(name));
  }

  private Dataset<Row> tensors(String name) {
    return spark.read().format("prompt-embeds").option("splitBytes", "16g").load(path(name));
  }

  private void open() {
    if (isMissing("arrow")) {
      spark
          .range(0, rows, 1, 1)
          .selectExpr(
              "concat('t', id) AS name",
              "transform(sequence(1, %d), x -> float(rand(7))) AS embeds".formatted(floats),
              "4 AS hidden_size")
          .write()
          .format("prompt-embeds")
          .save(path("arrow"));
    }

    inputs.put("Arrow", tensors("arrow"));
    tensor("Arrow, 16 bits", "half", "arrow", "float16");
    tensor("safetensors", "safetensors", "safetensors", "float32");
    parquet("Parquet, flat", "flat", "embeds");
    String nested =
        "transform(sequence(0, %d), i -> slice(embeds, 1 + i * 4096, 4096)) AS embeds"
            .formatted(floats / 4096 - 1);
    parquet("Parquet, nested", "nested", nested);
  }

  private void tensor(String name, String file, String format, String dtype) {
    if (isMissing(file)) {
      tensors("arrow")
          .write()
          .format("prompt-embeds")
          .option("fileFormat", format)
          .option("dtype", dtype)
          .save(path(file));
    }

    inputs.put(name, tensors(file));
  }

  private void parquet(String name, String file, String embeds) {
    if (isMissing(file)) {
      tensors("arrow")
          .selectExpr("name", embeds)
          .write()
          .option("parquet.enable.dictionary", "false")
          .option("parquet.page.size.row.check.min", "1")
          .option("parquet.block.size", 16 << 20)
          .parquet(path(file));
    }

    inputs.put(name, spark.read().parquet(path(file)));
  }

  private void run(int repetitions) {
    Map<String, List<Double>> ratios = new LinkedHashMap<>();
    List<Double> copies = new ArrayList<>();
    for (int i = -1; i < repetitions; i++) {
      double copy = copyRate();
      copies.add(copy);
      for (Map.Entry<String, Dataset<Row>> input : inputs.entrySet()) {
        for (Way way : Way.values()) {
          double ratio = rate(input.getValue(), way) / copy;
          if (i >= 0) {
            String name = input.getKey() + " | " + way.name().toLowerCase(Locale.ROOT);
            ratios.computeIfAbsent(name, missing -> new ArrayList<>()).add(ratio);
          }
        }
      }
    }

    System.out.printf(Locale.ROOT, "memory copy: %.0f MB/s%n", median(copies) / 1e6);
    ratios.forEach(
        (name, values) ->
            System.out.printf(Locale.ROOT, "| %s | %.0f %% |%n", name, 100 * median(values)));
  }

  private double rate(Dataset<Row> table, Way way) {
    if (way == Way.DECODED) {
      return decodeRate(table);
    }

    spark.conf().set("spark.promptembeds.columnarInput", way == Way.COLUMNAR);
    table
        .selectExpr("name", "generate_from_embeds(embeds)")
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    return TimedBackend.takeRate();
  }

  /** Bytes per second at which the source fills batches, at which nobody looks. */
  private double decodeRate(Dataset<Row> table) {
    SparkPlan plan = table.select("name", "embeds").queryExecution().executedPlan();
    RDD<ColumnarBatch> batches = plan.collectLeaves().apply(0).executeColumnar();
    long start = System.nanoTime();
    long count = batches.toJavaRDD().map(ColumnarBatch::numRows).reduce(Integer::sum);
    double seconds = (System.nanoTime() - start) / 1e9;
    return (double) count * floats * Float.BYTES / seconds;
  }

  /** Bytes per second that a copy into memory that is there takes. */
  private double copyRate() {
    float[][] values = new float[64][floats];
    float[][] targets = new float[64][floats];
    double best = 0;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      for (int row = 0; row < values.length; row++) {
        System.arraycopy(values[row], 0, targets[row], 0, floats);
      }

      double seconds = (System.nanoTime() - start) / 1e9;
      best = Math.max(best, (double) values.length * floats * Float.BYTES / seconds);
    }

    return best;
  }

  private static double median(List<Double> values) {
    return values.stream().mapToDouble(v -> v).sorted().toArray()[values.size() / 2];
  }
}
