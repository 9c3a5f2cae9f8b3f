package org.promptembeds.sql.execution;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.SparkSession;

/**
 * More and more rows through Spark and a tiny model, and whether the memory of the process and the
 * time of a row stay as they are: heap after a collection, resident memory (its largest of a run,
 * too, looked at every second), direct buffers, threads, and the processor's time of a row, which
 * neighbours on the machine change little.
 *
 * <p>Run with a class path alone: {@code ManyRowsBenchmark MODEL HIDDEN_SIZE [tasks] [rows]}, by
 * default {@code 4 1000,10000,100000,1000000}. A row has four positions and eight tokens of output.
 */
public final class ManyRowsBenchmark {
  private static final int POSITIONS = 4;

  private final SparkSession spark;
  private final String model;
  private final int hiddenSize;
  private final int tasks;

  private ManyRowsBenchmark(SparkSession spark, String model, int hiddenSize, int tasks) {
    this.spark = spark;
    this.model = model;
    this.hiddenSize = hiddenSize;
    this.tasks = tasks;
  }

  public static void main(String[] arguments) {
    String[] settings = {"", "", "4", "1000,10000,100000,1000000"};
    System.arraycopy(arguments, 0, settings, 0, arguments.length);
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + settings[2] + "]")
            .config("spark.ui.enabled", false)
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    ManyRowsBenchmark benchmark =
        new ManyRowsBenchmark(
            spark, settings[0], Integer.parseInt(settings[1]), Integer.parseInt(settings[2]));
    System.out.println(
        "rows | s | rows/s | processor us a row | heap MiB | resident MiB | largest | direct MiB |"
            + " threads");
    for (String rows : settings[3].split(",", -1)) {
      benchmark.run(Long.parseLong(rows));
    }

    spark.stop();
  }

  private void run(long rows) {
    AtomicLong largest = new AtomicLong();
    ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    Future<?> sampling =
        sampler.scheduleAtFixedRate(
            () -> largest.accumulateAndGet(residentKibibytes(), Math::max), 0, 1, TimeUnit.SECONDS);
    long processor = processorNanos();
    long start = System.nanoTime();
    generate(rows);
    double seconds = (System.nanoTime() - start) / 1e9;
    double spent = (processorNanos() - processor) / 1e3;
    sampling.cancel(false);
    sampler.shutdown();
    System.gc();
    System.out.printf(
        Locale.ROOT,
        "%d | %.1f | %.0f | %.0f | %d | %d | %d | %d | %d%n",
        rows,
        seconds,
        rows / seconds,
        spent / rows,
        heapBytes() >> 20,
        residentKibibytes() >> 10,
        largest.get() >> 10,
        directBytes() >> 20,
        ManagementFactory.getThreadMXBean().getThreadCount());
  }

  /** Embeddings that differ from row to row, made where they are used; results are dropped. */
  private void generate(long rows) {
    int floats = POSITIONS * hiddenSize;
    spark
        .range(0, rows, 1, tasks)
        .selectExpr(
            "generate_from_embeds_detail(transform(sequence(1, %d), i -> float(sin(id * %d + i) / 20)), model => '%s', max_tokens => 8, ignore_eos => true) AS g"
                .formatted(floats, floats, model))
        .selectExpr(
            "g.token_ids", "CAST(assert_true(g.error IS NULL, g.error) AS string) AS failed")
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long heapBytes() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getCollectionUsage();
      bytes += usage == null ? 0 : usage.getUsed();
    }

    return bytes;
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** As the system counts the process; 0 where it does not tell. */
  private static long residentKibibytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
