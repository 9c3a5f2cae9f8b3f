package org.promptembeds.sql.execution;

import static org.apache.spark.sql.functions.count;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.TestSpark;

/** Streams of files, one a batch, that are generated for: every row once, after a restart too. */
class StreamingTest {
  private static final String SCHEMA = "id BIGINT, embeds ARRAY<FLOAT>";

  private final SparkSession spark = TestSpark.session();

  @TempDir private Path folder;

  @BeforeEach
  @AfterEach
  void reset() {
    spark.sql("DROP VIEW IF EXISTS sink");
    FakeBackend.takeGenerated();
  }

  /** Adds a file of rows {@code from} to {@code until}, the latter not among them. */
  private void arrive(int from, int until) {
    spark
        .sql("SELECT * FROM prompts WHERE id >= %d AND id < %d".formatted(from, until))
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(path("in"));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Dataset<Row> stream() {
    return spark.readStream().schema(SCHEMA).option("maxFilesPerTrigger", 1).parquet(path("in"));
  }

  /** Runs what is there now, and returns the ended query. */
  private StreamingQuery run(DataStreamWriter<Row> writer)
      throws TimeoutException, StreamingQueryException {
    StreamingQuery query =
        writer
            .option("checkpointLocation", path("checkpoint"))
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    return query;
  }

  private static List<Row> answers(int from, int until) {
    List<Row> rows = new ArrayList<>();
    for (long id = from; id < until; id++) {
      rows.add(RowFactory.create(id, TestSpark.text(id)));
    }

    return rows;
  }

  @Test
  void aSelectGoesOnWhereItStopped() throws Exception {
    arrive(0, 5);
    arrive(5, 12);
    Dataset<Row> answers = stream().selectExpr("id", "generate_from_embeds(embeds) AS t");
    run(answers.writeStream().format("parquet").option("path", path("out")));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(12);

    arrive(12, 20);
    run(answers.writeStream().format("parquet").option("path", path("out")));

    assertThat(spark.read().parquet(path("out")).select("id", "t").collectAsList())
        .containsExactlyInAnyOrderElementsOf(answers(0, 20));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(8);
  }

  @Test
  void rowsAtFaultAreCountedInTheProgress() throws Exception {
    arrive(0, 6);
    Dataset<Row> answers =
        stream()
            .selectExpr("id", "IF(id = 2, array(1f), embeds) AS embeds")
            .selectExpr(
                "id",
                "try_generate_from_embeds(embeds) AS t",
                "generate_from_embeds_detail(embeds) AS g")
            .selectExpr("id", "t", "g.text", "g.error")
            .observe("answers", count("text").as("right"), count("error").as("wrong"));

    StreamingQuery query = run(answers.writeStream().format("memory").queryName("sink"));

    List<Row> rows = spark.sql("SELECT id, t, text, error FROM sink ORDER BY id").collectAsList();
    for (Row row : rows) {
      String expected = row.getLong(0) == 2 ? null : TestSpark.text(row.getLong(0));
      assertThat(row.getString(1)).isEqualTo(expected);
      assertThat(row.getString(2)).isEqualTo(expected);
      assertThat(row.isNullAt(3)).isEqualTo(expected != null);
    }

    assertThat(rows).hasSize(6);
    assertThat(query.recentProgress()[0].observedMetrics().get("answers"))
        .isEqualTo(RowFactory.create(5L, 1L));
  }

  @Test
  void batchesAreWrittenByHand() throws Exception {
    arrive(0, 5);
    arrive(5, 12);
    List<Long> batches = new ArrayList<>();
    VoidFunction2<Dataset<Row>, Long> write =
        (batch, id) -> {
          batches.add(id);
          batch
              .selectExpr("id", "generate_from_embeds(embeds) AS t")
              .write()
              .mode("append")
              .parquet(path("out"));
        };

    run(stream().writeStream().foreachBatch(write));

    assertThat(batches).containsExactly(0L, 1L);
    assertThat(spark.read().parquet(path("out")).collectAsList())
        .containsExactlyInAnyOrderElementsOf(answers(0, 12));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(12);
  }

  @Test
  void generatedBatchesArriveGenerated() throws Exception {
    arrive(0, 5);
    arrive(5, 12);
    List<Row> rows = new ArrayList<>();
    VoidFunction2<Dataset<Row>, Long> collect = (batch, id) -> rows.addAll(batch.collectAsList());

    run(
        stream()
            .selectExpr("id", "generate_from_embeds(embeds) AS t")
            .writeStream()
            .foreachBatch(collect));

    assertThat(rows).containsExactlyInAnyOrderElementsOf(answers(0, 12));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(12);
  }

  @Test
  void filtersJoinsAndGroupsOfAStream() throws Exception {
    arrive(0, 5);
    arrive(5, 12);
    Dataset<Row> counts =
        stream()
            .join(spark.sql("SELECT id FROM prompts WHERE id < 8"), "id")
            .filter("id >= 2")
            .selectExpr("length(generate_from_embeds(embeds)) AS n")
            .groupBy("n")
            .count();

    run(counts.writeStream().format("memory").queryName("sink").outputMode("complete"));

    assertThat(spark.table("sink").collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            spark
                .sql(
                    "SELECT length(oracle(embeds)) AS n, count(*) FROM prompts WHERE id >= 2 AND id < 8 GROUP BY 1")
                .collectAsList());
    assertThat(FakeBackend.takeGenerated()).isEqualTo(6);
  }
}
