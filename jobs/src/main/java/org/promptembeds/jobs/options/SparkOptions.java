package org.promptembeds.jobs.options;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils$;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options every command has: where Spark runs and how it is configured. */
public final class SparkOptions {
  public static final String STACKTRACE = "--stacktrace";

  private static final String WAREHOUSE = "spark.sql.warehouse.dir";
  private static final String CATALOG = "spark.sql.catalogImplementation";

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master; default PROMPT_EMBEDS_MASTER, or local[*].")
  private @Nullable String master;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "Spark configuration, repeatable; spark.promptembeds.* are this connector's.")
  private Map<String, String> conf = new LinkedHashMap<>();

  @Option(
      names = STACKTRACE,
      description = "Print the stack trace of a failure, not only its message.")
  @SuppressWarnings("unused") // Cli asks the parse result for it
  private boolean stacktrace;

  /**
   * A session with the connector's functions, which Spark finds by itself on the class path.
   *
   * @param name what the Spark user interface calls the application
   * @param defaults configuration that {@code --conf} and spark-submit override
   */
  public SparkSession open(String name, Map<String, String> defaults) {
    SparkConf submitted = new SparkConf();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.ui.showConsoleProgress", "false");
    settings.put("spark.executor.heartbeatInterval", "2s"); // the pace of the progress report
    // Parquet batches count rows, and a row of embeddings may have 16 MB.
    settings.put("spark.sql.parquet.columnarReaderBatchSize", "4");
    settings.putAll(defaults);
    if (!"hive".equals(conf.getOrDefault(CATALOG, submitted.get(CATALOG, "")))) {
      settings.put(WAREHOUSE, temporaryWarehouse());
    }

    settings.keySet().removeIf(submitted::contains);
    settings.putAll(conf);
    if (master != null) {
      settings.put("spark.master", master);
    } else if (!submitted.contains("spark.master") && !conf.containsKey("spark.master")) {
      settings.put("spark.master", "local[*]");
    }

    SparkSession.Builder builder = SparkSession.builder().appName(name);
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** A folder that ends with the process, as the tables of a catalog in memory do. */
  private static String temporaryWarehouse() {
    return Utils$.MODULE$
        .createTempDir(System.getProperty("java.io.tmpdir"), "prompt-embeds-warehouse")
        .toString();
  }
}
