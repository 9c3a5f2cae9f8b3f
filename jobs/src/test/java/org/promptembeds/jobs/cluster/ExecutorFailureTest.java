package org.promptembeds.jobs.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generation with the tiny chat model on a cluster of two executors that are killed, repeated and
 * overtaken: whatever happens, the output is that of an undisturbed run.
 */
@Tag("cluster")
class ExecutorFailureTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final int FILES = 6;
  private static final String SPECULATION = "speculation";

  @TempDir private static Path shared;

  private static StandaloneCluster cluster;
  private static List<Row> undisturbed;

  @TempDir private Path folder;
  private Gate gate;
  private SparkSession spark;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> repeatedStages = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void runUndisturbed() throws IOException {
    cluster = StandaloneCluster.start(shared.resolve("cluster"));
    try (SparkSession session = cluster.session(Map.of())) {
      Dataset<Row> chats =
          session.read().parquet(EXAMPLES.resolve("data/chats.parquet").toString());
      chats
          .filter("id <= 'chat-0048'")
          .repartitionByRange(FILES, col("id"))
          .write()
          .parquet(chats());
      undisturbed = sorted(generated(session));
    }

    assertThat(undisturbed).hasSize(48);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @AfterEach
  void stopSpark() {
    spark.stop();
  }

  private static String chats() {
    return shared.resolve("chats").toString();
  }

  private static Dataset<Row> generated(SparkSession session) {
    return generated(
        session.read().parquet(chats()), EXAMPLES.resolve("models/tiny-chat").toString());
  }

  private static Dataset<Row> generated(Dataset<Row> chats, String model) {
    return chats
        .selectExpr(
            "id",
            "generate_from_embeds_detail(embeds, model => '%s', max_tokens => 24) AS g"
                .formatted(model))
        .selectExpr("id", "g.text", "g.token_ids", "g.finish_reason", "g.prompt_tokens");
  }

  private static List<Row> sorted(Dataset<Row> rows) {
    return rows.orderBy("id").collectAsList();
  }

  @BeforeEach
  void startSpark(TestInfo test) {
    gate = new Gate(folder.resolve("gate"));
    spark =
        cluster.session(
            Map.of(
                "spark.speculation",
                String.valueOf(test.getTags().contains(SPECULATION)),
                "spark.speculation.quantile",
                "0.5",
                "spark.speculation.multiplier",
                "1.5"));
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                if (!end.reason().toString().equals("Success")) {
                  failures.add(end.reason().toString());
                }
              }

              @Override
              public void onStageCompleted(SparkListenerStageCompleted end) {
                if (end.stageInfo().attemptNumber() > 0) {
                  repeatedStages.add(end.stageInfo().stageId());
                }
              }
            });
  }

  /** The rows, each of which passes a point named by {@code prefix} and its id. */
  private Dataset<Row> gated(Dataset<Row> rows, String prefix) {
    return rows.filter(
        udf(new GateFilter(gate, prefix), DataTypes.BooleanType)
            .asNondeterministic()
            .apply(col("id")));
  }

  private Dataset<Row> gatedPrompts() {
    return generated(
        gated(spark.read().parquet(chats()), "row-"),
        EXAMPLES.resolve("models/tiny-chat").toString());
  }

  /** Writes {@code rows} on another thread, then reads what is there. */
  private CompletableFuture<List<Row>> written(Dataset<Row> rows) {
    String out = folder.resolve("out").toString();
    return CompletableFuture.supplyAsync(
        () -> {
          rows.write().parquet(out);
          return sorted(spark.read().parquet(out));
        });
  }

  private long awaitReached(String point, CompletableFuture<?> job) throws IOException {
    return gate.awaitReached(point, () -> !job.isDone());
  }

  @Test
  void anExecutorIsKilledAmidItsRows() throws IOException {
    gate.hold("row-chat-0020");
    CompletableFuture<List<Row>> job = written(gatedPrompts());

    StandaloneCluster.kill(awaitReached("row-chat-0020", job));

    assertThat(job.join()).isEqualTo(undisturbed);
    assertThat(failures).anyMatch(failure -> failure.startsWith("ExecutorLostFailure"));
  }

  @Test
  void aTaskFailsOnce() throws IOException {
    gate.fail("row-chat-0021");

    assertThat(written(gatedPrompts()).join()).isEqualTo(undisturbed);
    assertThat(gate.hasFailed("row-chat-0021")).isTrue();
    assertThat(failures).hasSize(1).first().asString().contains("row-chat-0021 fails as told");
  }

  @Test
  @Tag(SPECULATION)
  void aSlowTaskIsOvertaken() throws IOException {
    gate.hold("row-chat-0022");

    // The first to reach the row waits for ever: only its copy can end the job.
    assertThat(written(gatedPrompts()).join()).isEqualTo(undisturbed);
    assertThat(failures).anyMatch(failure -> failure.startsWith("TaskKilled"));
  }

  @Test
  void aStageIsComputedAgain() throws IOException {
    gate.hold("shuffled-");
    Dataset<Row> shuffled = gatedPrompts().repartition(4, col("id"));
    Dataset<Row> held =
        shuffled.filter(
            udf(new GateFilter(gate, "shuffled-"), DataTypes.BooleanType)
                .asNondeterministic()
                .apply(col("id").substr(0, 0)));
    CompletableFuture<List<Row>> job = written(held);

    // Its share of the shuffled rows is lost with it, besides the task.
    StandaloneCluster.kill(awaitReached("shuffled-", job));

    assertThat(job.join()).isEqualTo(undisturbed);
    assertThat(repeatedStages).isNotEmpty();
  }

  @Test
  void cachedRowsAreLost() {
    Dataset<Row> cached = generated(spark).persist(StorageLevel.MEMORY_ONLY());
    assertThat(cached.count()).isEqualTo(undisturbed.size());

    StandaloneCluster.kill(cluster.executors().get(0));

    assertThat(sorted(cached)).isEqualTo(undisturbed);
  }

  @Test
  void aModelThatDoesNotLoadIsTriedOncePerExecutor() throws IOException {
    Path attempts = Files.createDirectory(folder.resolve("attempts"));

    assertThatThrownBy(
            () ->
                generated(spark.read().parquet(chats()), "gate-broken:" + attempts).collectAsList())
        .hasStackTraceContaining("does not load: weights are missing");
    try (Stream<Path> files = Files.list(attempts)) {
      Map<String, Long> byExecutor =
          files
              .map(file -> file.getFileName().toString().replaceFirst("-.*", ""))
              .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
      assertThat(byExecutor.values()).isNotEmpty().allMatch(loads -> loads == 1);
    }
  }
}
