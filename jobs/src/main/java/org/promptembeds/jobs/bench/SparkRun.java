package org.promptembeds.jobs.bench;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.tensor.NpyFormat;

/** Gives a workload to {@code generate_from_embeds}, as one query that keeps no row. */
public final class SparkRun {
  private static final String EMBEDS = "bench_embeds";
  private static final StructType ROWS =
      new StructType()
          .add("index", DataTypes.IntegerType)
          .add("prompt_tokens", DataTypes.IntegerType)
          .add("output_tokens", DataTypes.IntegerType);

  /** Prompts of the runs under way, which tasks of this process find here by the run's number. */
  private static final Map<Integer, Prompts> PROMPTS = new ConcurrentHashMap<>();

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final SparkSession spark;
  private final int partitions;

  /**
   * A run in a session that is configured with the model.
   *
   * @param partitions tasks
   */
  public SparkRun(SparkSession spark, int partitions) {
    this.spark = spark;
    this.partitions = partitions;
  }

  /**
   * Generates for every row, all of which are there from the beginning.
   *
   * @param prompts asked for by the executor, which has to be in this process
   * @param arguments of the function, as SQL
   */
  public RunReport run(Workload workload, Prompts prompts, Map<String, String> arguments) {
    int number = RUNS.getAndIncrement();
    PROMPTS.put(number, prompts);
    try {
      spark.udf().register(EMBEDS, embeds(number), DataTypes.BinaryType);
      return measure(workload, arguments);
    } finally {
      PROMPTS.remove(number);
    }
  }

  private static UDF2<Integer, Integer, byte[]> embeds(int number) {
    return (index, positions) ->
        NpyFormat.write(Objects.requireNonNull(PROMPTS.get(number)).of(index, positions));
  }

  private RunReport measure(Workload workload, Map<String, String> arguments) {
    query(new Workload("warm-up", workload.rows().subList(0, 1)), arguments).collectAsList();

    long start = System.nanoTime();
    Row totals =
        query(workload, arguments)
            .agg(sum("g.prompt_tokens"), sum("g.completion_tokens"))
            .collectAsList()
            .get(0);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new RunReport(
        "spark",
        seconds,
        workload.rows().size(),
        totals.getLong(0),
        totals.getLong(1),
        null,
        null,
        null,
        Map.of("tasks", (double) partitions),
        List.of());
  }

  private Dataset<Row> query(Workload workload, Map<String, String> arguments) {
    List<Row> rows = new ArrayList<>();
    for (Workload.Row row : workload.rows()) {
      rows.add(RowFactory.create(rows.size(), row.promptTokens(), row.outputTokens()));
    }

    String more =
        arguments.entrySet().stream()
            .map(argument -> ", " + argument.getKey() + " => " + argument.getValue())
            .collect(Collectors.joining());
    return spark
        .createDataFrame(rows, ROWS)
        .repartition(partitions)
        .withColumn("embeds", callUDF(EMBEDS, col("index"), col("prompt_tokens")))
        .select(expr("generate_from_embeds_detail(embeds" + more + ")").as("g"));
  }
}
