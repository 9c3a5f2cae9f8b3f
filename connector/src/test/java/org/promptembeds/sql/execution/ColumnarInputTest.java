package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.ArrowUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.testing.ArrowSource;
import org.promptembeds.testing.TestSpark;

/** Queries whose batches the operator takes itself: results are those of its row path. */
class ColumnarInputTest {
  private static final String COLUMNAR_INPUT = "spark.promptembeds.columnarInput";
  private static final String NODE = "ColumnarRows";

  private final SparkSession spark = TestSpark.session();
  private final Path dir;

  ColumnarInputTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @BeforeEach
  void createViews() {
    spark
        .read()
        .format(ArrowSource.class.getName())
        .load()
        .createOrReplaceTempView("arrow_vectors");
  }

  @AfterEach
  void unset() {
    List.of(
            COLUMNAR_INPUT,
            "spark.sql.codegen.wholeStage",
            "spark.sql.codegen.factoryMode",
            "spark.sql.adaptive.enabled",
            "spark.sql.columnVector.offheap.enabled",
            "spark.sql.parquet.columnarReaderBatchSize")
        .forEach(spark.conf()::unset);
  }

  /** Rows of {@code query} with batches taken as they are, after comparing with the row path. */
  private List<Row> sameAsRows(String query, boolean isColumnar) {
    spark.conf().set(COLUMNAR_INPUT, false);
    Dataset<Row> plain = spark.sql(query);
    List<Row> expected = plain.collectAsList();
    assertThat(plain.queryExecution().executedPlan().toString()).doesNotContain(NODE);

    spark.conf().set(COLUMNAR_INPUT, true);
    Dataset<Row> columnar = spark.sql(query);
    List<Row> actual = columnar.collectAsList();
    String plan = columnar.queryExecution().executedPlan().toString();
    assertThat(plan.contains(NODE)).as(plan).isEqualTo(isColumnar);
    assertThat(actual).containsExactlyElementsOf(expected);
    return actual;
  }

  @ParameterizedTest(name = "{0}, {1} rows: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | 40 | SELECT id, generate_from_embeds(embeds) FROM prompts",
        "true  | 40 | SELECT *, generate_from_embeds(embeds) FROM prompts",
        "true  | 40 | SELECT generate_from_embeds(embeds) FROM prompts",
        "true  | 10 | SELECT id, generate_from_embeds(embeds) FROM prompts WHERE id < 10",
        "true  | 13 | SELECT id + 1, generate_from_embeds(embeds) FROM prompts WHERE id % 3 = 1",
        "true  | 0  | SELECT id, generate_from_embeds(embeds) FROM prompts WHERE id + 1 < 0",
        "true  | 10 | SELECT k, generate_from_embeds(v) AS t FROM (SELECT id AS k, embeds AS v FROM prompts) WHERE k < 10",
        "true  | 40 | SELECT id, generate_from_embeds(embeds, seed => id, temperature => 0.5) FROM prompts",
        "true  | 20 | SELECT id, generate_from_embeds(embeds, seed => id * 2) FROM prompts WHERE size(embeds) > 0 AND id >= 20",
        "true  | 40 | SELECT id, generate_from_embeds(if(id % 2 = 0, embeds, reverse(embeds))) FROM prompts",
        "true  | 40 | SELECT id, CASE WHEN id < 10 THEN generate_from_embeds(embeds) ELSE 'none' END FROM prompts",
        "true  | 40 | SELECT id, generate_from_embeds(embeds), generate_from_embeds(embeds, max_tokens => 3) FROM prompts",
        "true  | 3  | SELECT id % 3 AS k, max(generate_from_embeds(embeds)) FROM prompts GROUP BY 1 ORDER BY 1",
        "true  | 40 | SELECT id, generate_from_embeds(embeds) FROM prompts ORDER BY id",
        "false | 5  | SELECT id, generate_from_embeds(embeds) FROM prompts LIMIT 5",
        "false | 5  | SELECT id, generate_from_embeds(embeds) FROM prompts ORDER BY id LIMIT 5",
        "true  | 40 | SELECT id, generate_from_embeds(embeds) FROM prompts DISTRIBUTE BY id SORT BY id",
        "false | 20 | SELECT id, generate_from_embeds(embeds) FROM prompts WHERE id >= (SELECT max(id) - 19 FROM prompts)",
        "true  | 20 | SELECT /*+ MERGE(p) */ id, t FROM (SELECT id, generate_from_embeds(embeds) AS t FROM prompts) JOIN (SELECT id AS k FROM prompts WHERE id < 20) p ON id = k ORDER BY id",
      })
  void queriesGiveTheSame(boolean isColumnar, int rows, String query) {
    assertThat(sameAsRows(query, isColumnar)).hasSize(rows);
    spark.conf().set("spark.sql.adaptive.enabled", false);
    assertThat(sameAsRows(query, isColumnar)).hasSize(rows);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list.arrow",
        "list-stream.arrows",
        "list-double.ipc",
        "large-list-lz4.feather",
        "nested.arrow",
        "half.arrow",
        "fixed-half.arrow",
        "fixed-float.arrow",
        "nested-fixed.arrow",
        "nested-sliced.arrow"
      })
  void everyListTypeOfArrowFilesGivesTheSame(String file) {
    String url = Objects.requireNonNull(getClass().getResource("/arrow/" + file)).toString();
    spark.read().format("prompt-embeds").load(url).createOrReplaceTempView("arrow_file");

    assertThat(
            sameAsRows(
                "SELECT name, seq_len, generate_from_embeds_detail(embeds) FROM arrow_file", true))
        .hasSizeBetween(2, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "arrow, float32", "arrow, float16", "arrow, bfloat16",
    "safetensors, float32", "safetensors, float16", "safetensors, bfloat16"
  })
  void everyTypeOfTensorFilesGivesTheSame(String fileFormat, String dtype) {
    String path = dir.resolve("files").toString();
    spark
        .sql("SELECT concat('n', id) AS name, embeds, 4 AS hidden_size FROM prompts")
        .coalesce(2)
        .write()
        .format("prompt-embeds")
        .option("fileFormat", fileFormat)
        .option("dtype", dtype)
        .option("batchBytes", 200)
        .save(path);
    spark
        .read()
        .format("prompt-embeds")
        .option("batchBytes", 100)
        .load(path)
        .createOrReplaceTempView("tensor_files");

    String query =
        "SELECT name, generate_from_embeds(embeds, temperature => 0.7) FROM tensor_files";
    assertThat(sameAsRows(query, true)).hasSize(40);
    assertThat(sameAsRows(query + " WHERE name LIKE '%1' OR seq_len = 3", true)).hasSize(16);
    spark.conf().set("spark.sql.codegen.wholeStage", false);
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    assertThat(sameAsRows(query + " WHERE name LIKE '%1' OR seq_len = 3", true)).hasSize(16);
  }

  @ParameterizedTest
  @CsvSource({"false, 4096", "false, 3", "true, 4096", "true, 3"})
  void everyTypeOfParquetGivesTheSame(boolean offHeap, int batchRows) throws IOException {
    String path = dir.resolve("parquet").toString();
    spark
        .sql(
            "SELECT id, nullif(embeds, array()) AS flat, CAST(embeds AS array<double>) AS doubles,"
                + " IF(id % 7 = 6, NULL, embeds) AS missing,"
                + " transform(embeds, (x, i) -> IF(id % 5 = 4 AND i = 1, NULL, x)) AS holes,"
                + " array(embeds, IF(id % 5 = 4, NULL, embeds)) AS nested,"
                + " array(embeds, slice(embeds, 1, IF(id % 5 = 4, 2, 4))) AS ragged,"
                + " IF(id % 5 = 4, array(), embeds) AS empty,"
                + " slice(embeds, 1, IF(id % 5 = 4, 3, 4)) AS uneven,"
                + " array_repeat(IF(id = 3, float('NaN'), 1.5f), 4) AS repeated,"
                + " CAST(CAST(id AS string) AS binary) AS bytes FROM prompts")
        .coalesce(1)
        .write()
        .parquet(path);
    spark.conf().set("spark.sql.columnVector.offheap.enabled", offHeap);
    spark.conf().set("spark.sql.parquet.columnarReaderBatchSize", batchRows);
    spark.read().parquet(path).createOrReplaceTempView("parquet_types");

    for (String column : spark.table("parquet_types").columns()) {
      if (!column.equals("id")) {
        String query = "SELECT id, generate_from_embeds_detail(" + column + ") FROM parquet_types";
        assertThat(sameAsRows(query, true)).as(column).hasSize(40);
        assertThat(sameAsRows(query + " WHERE id % 2 = 0", true)).as(column).hasSize(20);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat", "nested"})
  void arrowVectorsOfOtherSourcesGiveTheSame(String column) {
    String query = "SELECT id, generate_from_embeds_detail(%s) AS d FROM arrow_vectors";

    assertThat(sameAsRows(query.formatted(column), true)).hasSize(ArrowSource.ROWS);
    assertThat(sameAsRows(query.formatted(column) + " WHERE id % 3 = 2", true)).hasSize(13);
    assertThat(sameAsRows(query.formatted(column) + " LIMIT 9", false)).hasSize(9);
    List<Row> malformed =
        sameAsRows(
            "SELECT d.error FROM (" + query.formatted(column) + ") WHERE d.error <> ''", true);
    assertThat(malformed.toString())
        .contains("embeddings are empty")
        .contains(column.equals("flat") ? "embeddings hold NULL at index" : "ragged");
  }

  @Test
  void arrowMemoryIsFreedWhenATaskFails() {
    long before = allocated();

    assertThatThrownBy(
            spark.sql("SELECT generate_from_embeds(flat) FROM arrow_vectors")::collectAsList)
        .hasStackTraceContaining("embeddings are empty")
        .hasMessageNotContaining("leak");
    assertThat(allocated()).isEqualTo(before);
  }

  private static long allocated() {
    return ArrowUtils.rootAllocator().getAllocatedMemory();
  }

  @Test
  void explainSaysWhatIsTaken() {
    String plan =
        spark
            .sql(
                "EXPLAIN FORMATTED SELECT generate_from_embeds(embeds) FROM prompts WHERE id + 1 < 10")
            .first()
            .getString(0);

    assertThat(plan)
        .contains("ColumnarRows")
        .contains("Condition: ")
        .doesNotContain("ColumnarToRow");
  }
}
