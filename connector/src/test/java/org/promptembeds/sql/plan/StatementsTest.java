package org.promptembeds.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.InMemoryRowLevelOperationTableCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.TestSpark;
import scala.Console;
import scala.runtime.BoxedUnit;

/**
 * Statements that write, define or fetch step by step: what comes of them, and for how many rows.
 */
class StatementsTest {
  private final SparkSession spark = TestSpark.session();

  @BeforeEach
  void prepare() {
    spark
        .conf()
        .set("spark.sql.catalog.memory", InMemoryRowLevelOperationTableCatalog.class.getName());
    drop();
    FakeBackend.takeGenerated();
  }

  @AfterEach
  void drop() {
    spark.sql("DROP VIEW IF EXISTS default.answers_view");
    spark.sql("DROP TABLE IF EXISTS memory.answers");
    List.of("written", "others").forEach(table -> spark.sql("DROP TABLE IF EXISTS " + table));
    FakeBackend.takeGenerated();
  }

  private List<Row> sql(String query) {
    return spark.sql(query).collectAsList();
  }

  /** What rows {@code from} to {@code until}, the latter not among them, should be. */
  private static List<Row> answers(int from, int until) {
    List<Row> rows = new ArrayList<>();
    for (long id = from; id < until; id++) {
      rows.add(RowFactory.create(id, TestSpark.text(id)));
    }

    return rows;
  }

  private void assertAnswers(String table, int from, int until) {
    assertThat(sql("SELECT id, t FROM " + table))
        .containsExactlyInAnyOrderElementsOf(answers(from, until));
  }

  @Test
  void showGeneratesARowMoreThanItShows() {
    Dataset<Row> answers = spark.sql("SELECT id, generate_from_embeds(embeds) AS t FROM prompts");
    String[] texts =
        answers.takeAsList(3).stream().map(row -> row.getString(1)).toArray(String[]::new);
    FakeBackend.takeGenerated();

    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Console.withOut(
        shown,
        () -> {
          answers.show(3, false);
          return BoxedUnit.UNIT;
        });

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains(texts)
        .contains("only showing top 3 rows");
    assertThat(FakeBackend.takeGenerated()).isEqualTo(4);
  }

  @Test
  void rowsAreFetchedPartitionByPartition() {
    List<Row> rows = new ArrayList<>();

    spark
        .sql("SELECT id, generate_from_embeds(embeds) AS t FROM prompts")
        .toLocalIterator()
        .forEachRemaining(rows::add);

    assertThat(rows).containsExactlyInAnyOrderElementsOf(answers(0, TestSpark.ROWS));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(TestSpark.ROWS);
  }

  @Test
  void aPermanentViewGeneratesWhatIsAskedOfIt() {
    assumeThat(spark.version())
        .as("injected functions in permanent views")
        .isGreaterThanOrEqualTo("4.2");
    sql("CREATE TABLE written USING parquet AS SELECT * FROM prompts");
    sql(
        "CREATE VIEW default.answers_view AS SELECT id, generate_from_embeds(embeds, max_tokens => 256) AS t FROM written");

    assertThat(FakeBackend.takeGenerated()).isZero();
    assertThat(sql("SELECT * FROM default.answers_view WHERE id < 3"))
        .containsExactlyInAnyOrderElementsOf(answers(0, 3));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(3);
  }

  @Test
  void insertsAppendAndOverwrite() {
    sql("CREATE TABLE written (id BIGINT, t STRING, k INT) USING parquet PARTITIONED BY (k)");
    sql("INSERT INTO written SELECT id, generate_from_embeds(embeds), 1 FROM prompts WHERE id < 5");
    sql(
        "INSERT INTO written PARTITION (k = 2) (t, id) SELECT generate_from_embeds(embeds), id FROM prompts WHERE id >= 5 AND id < 8");
    assertAnswers("written", 0, 8);
    sql(
        "INSERT OVERWRITE written PARTITION (k = 1) SELECT id, generate_from_embeds(embeds) FROM prompts WHERE id IN (3, 4)");

    assertAnswers("written", 3, 8);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(10);
  }

  @Test
  void severalInsertsReadOneSource() {
    sql("CREATE TABLE written (id BIGINT, t STRING) USING parquet");
    sql("CREATE TABLE others (id BIGINT, t STRING) USING parquet");
    sql(
        "FROM (SELECT id, generate_from_embeds(embeds) AS t FROM prompts)"
            + " INSERT INTO written SELECT id, t WHERE id < 7"
            + " INSERT INTO others SELECT id, t WHERE id >= 30");

    assertAnswers("written", 0, 7);
    assertAnswers("others", 30, TestSpark.ROWS);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(17);
  }

  @Test
  void mergeTakesGeneratedRows() {
    assumeThat(spark.version())
        .as("sources of MERGE that are not deterministic")
        .isGreaterThanOrEqualTo("4.1");
    sql("CREATE TABLE memory.answers (id BIGINT NOT NULL, t STRING)");
    sql("INSERT INTO memory.answers VALUES (1, 'old'), (2, 'old'), (99, 'stays')");
    sql(
        "MERGE INTO memory.answers a"
            + " USING (SELECT id, generate_from_embeds(embeds) AS t FROM prompts WHERE id < 6) b"
            + " ON a.id = b.id"
            + " WHEN MATCHED THEN UPDATE SET t = b.t"
            + " WHEN NOT MATCHED THEN INSERT *");

    List<Row> expected = answers(1, 6);
    expected.addAll(answers(0, 1));
    expected.add(RowFactory.create(99L, "stays"));
    assertThat(sql("SELECT id, t FROM memory.answers"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(6);
  }

  @Test
  void mergeGeneratesInItsActions() {
    sql("CREATE TABLE memory.answers (id BIGINT NOT NULL, t STRING)");
    sql("INSERT INTO memory.answers VALUES (1, 'old'), (2, 'old')");
    sql(
        "MERGE INTO memory.answers a USING (SELECT * FROM prompts WHERE id < 6) b ON a.id = b.id"
            + " WHEN MATCHED AND b.id = 2 THEN UPDATE SET t = generate_from_embeds(b.embeds)"
            + " WHEN NOT MATCHED THEN INSERT (id, t) VALUES (b.id, generate_from_embeds(b.embeds))");

    List<Row> expected = answers(2, 6);
    expected.addAll(answers(0, 1));
    expected.add(RowFactory.create(1L, "old"));
    assertThat(sql("SELECT id, t FROM memory.answers"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(6); // every row of the source
  }

  @Test
  void updatesAndDeletesGenerate() {
    sql("CREATE TABLE memory.answers (id BIGINT NOT NULL, embeds ARRAY<FLOAT>, t STRING)");
    sql("INSERT INTO memory.answers SELECT id, embeds, 'old' FROM prompts WHERE id < 6");
    sql("UPDATE memory.answers SET t = generate_from_embeds(embeds) WHERE id < 4");
    sql(
        "DELETE FROM memory.answers WHERE t = 'old' OR generate_from_embeds(embeds) = '"
            + TestSpark.text(0)
            + "'");

    assertAnswers("memory.answers", 1, 4);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(8);
  }

  @Test
  void parametersAndVariablesAreConstants() {
    assumeThat(spark.version()).as("EXECUTE IMMEDIATE").isGreaterThanOrEqualTo("4.0");
    SamplingParams params = SamplingParams.builder().maxTokens(9).build();
    Row expected = RowFactory.create(FakeBackend.text(TestSpark.embeds(1), params));

    assertThat(
            spark
                .sql(
                    "SELECT generate_from_embeds(embeds, model => :m, max_tokens => :n) FROM prompts"
                        + " WHERE id = 1",
                    Map.of("n", 9, "m", "other"))
                .collectAsList())
        .containsExactly(expected);
    sql("DECLARE OR REPLACE VARIABLE most INT DEFAULT 9");
    assertThat(
            sql(
                "SELECT generate_from_embeds(embeds, max_tokens => most) FROM prompts WHERE id = 1"))
        .containsExactly(expected);
    assertThat(
            sql(
                "EXECUTE IMMEDIATE 'SELECT generate_from_embeds(embeds, max_tokens => ?) FROM prompts"
                    + " WHERE id = 1' USING most"))
        .containsExactly(expected);
  }

  @Test
  void aFunctionInSqlWrapsACall() {
    assumeThat(spark.version()).as("functions written in SQL").isGreaterThanOrEqualTo("4.0");
    sql(
        "CREATE OR REPLACE TEMPORARY FUNCTION answer(e ARRAY<FLOAT>) RETURNS STRING"
            + " RETURN generate_from_embeds(e)");

    assertThat(sql("SELECT id, answer(embeds) FROM prompts WHERE id < 4"))
        .containsExactlyInAnyOrderElementsOf(answers(0, 4));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(4);
  }
}
