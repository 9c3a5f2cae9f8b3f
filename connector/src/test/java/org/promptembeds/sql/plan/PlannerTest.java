package org.promptembeds.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.TestSpark;

/**
 * Queries with calls in every place: the rows that are generated for, and full results. {@code f}
 * stands for the function in one run and for an ordinary UDF that computes the same in the other.
 */
class PlannerTest {
  private final SparkSession spark = TestSpark.session();

  @BeforeEach
  @AfterEach
  void resetCounter() {
    FakeBackend.takeGenerated();
  }

  private List<Row> run(String query, String function) {
    return spark.sql(query.replaceAll("\\bf\\(", function + "(")).collectAsList();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        // projections
        "40 | SELECT id, f(embeds) FROM prompts",
        "40 | SELECT id, upper(f(embeds)), length(f(embeds)) FROM prompts",
        "40 | SELECT f(embeds) AS a, f(embeds) AS b, id + 1 FROM prompts",
        "40 | SELECT t FROM (SELECT f(embeds) AS t, id FROM prompts)",
        "40 | SELECT *, f(embeds) FROM prompts",
        "0  | SELECT id FROM (SELECT id, f(embeds) AS t FROM prompts)",
        "0  | SELECT count(*) FROM (SELECT f(embeds) FROM prompts)",
        "40 | SELECT transform(array(1, 2), x -> concat(f(embeds), x)) FROM prompts",
        // filters
        "10 | SELECT id, t FROM (SELECT id, f(embeds) AS t FROM prompts) WHERE id < 10",
        "10 | SELECT id FROM prompts WHERE id < 10 AND f(embeds) LIKE '%of 8%'",
        "10 | SELECT id FROM prompts WHERE f(embeds) LIKE '%of 8%' AND id < 10",
        "40 | SELECT id, f(embeds) FROM prompts WHERE f(embeds) LIKE '%of 8%'",
        "30 | SELECT id FROM prompts WHERE id < 10 OR f(embeds) LIKE '%of 8%'",
        "10 | SELECT upper(t) FROM (SELECT id AS k, f(embeds) AS t FROM prompts) WHERE k + 1 > 30",
        // conditional branches
        "10 | SELECT id, CASE WHEN id < 10 THEN f(embeds) ELSE 'none' END FROM prompts",
        "30 | SELECT id, if(id < 10, 'none', f(embeds)) FROM prompts",
        "20 | SELECT id, CASE WHEN id < 10 THEN upper(f(embeds)) WHEN id < 20 THEN f(embeds) END FROM prompts",
        "30 | SELECT id, coalesce(if(id < 10, 'given', NULL), f(embeds)) FROM prompts",
        "40 | SELECT id, if(id < 10, f(embeds), 'none'), f(embeds) FROM prompts",
        "40 | SELECT id, CASE WHEN f(embeds) LIKE '%of 8%' THEN f(embeds) END FROM prompts",
        "10 | SELECT max(f(embeds)) FILTER (WHERE id < 10) FROM prompts",
        // aggregation
        "40 | SELECT max(f(embeds)), count(DISTINCT f(embeds)) FROM prompts",
        "40 | SELECT f(embeds), count(*) FROM prompts GROUP BY f(embeds)",
        "40 | SELECT length(f(embeds)) AS n, count(*) FROM prompts GROUP BY length(f(embeds)) HAVING n > 1",
        "3  | SELECT k, f(first), n FROM (SELECT id % 3 AS k, min_by(embeds, id) AS first, count(*) AS n FROM prompts GROUP BY 1)",
        "3  | SELECT id % 3, f(min_by(embeds, id)) FROM prompts GROUP BY id % 3",
        "40 | SELECT id % 2, grouping(id % 2), max(f(embeds)) FROM prompts GROUP BY CUBE (id % 2)",
        "40 | SELECT id, max(f(embeds)) OVER (PARTITION BY id % 3) FROM prompts",
        "40 | SELECT DISTINCT f(embeds) FROM prompts",
        // joins, unions, common table expressions
        "40 | SELECT a.id, b.id FROM prompts a JOIN prompts b ON f(a.embeds) = concat(b.id, '') OR a.id = b.id",
        "40 | WITH g AS (SELECT id, f(embeds) AS t FROM prompts) SELECT a.t, b.t FROM g a JOIN g b ON a.id = b.id + 1",
        "20 | SELECT f(embeds) FROM prompts WHERE id < 10 UNION ALL SELECT f(embeds) FROM prompts WHERE id >= 30",
        "40 | SELECT a.id, t FROM (SELECT id, f(embeds) AS t FROM prompts) a LEFT JOIN (SELECT 3 AS k) ON id = k",
        "50 | SELECT id, f(embeds) FROM prompts WHERE id < 10 UNION SELECT id, f(embeds) FROM prompts",
        "40 | SELECT t FROM (SELECT f(embeds) AS t FROM prompts) EXCEPT SELECT f(embeds) FROM prompts WHERE id < 0",
        "49 | SELECT t FROM (SELECT f(embeds) AS t FROM prompts) INTERSECT SELECT f(embeds) FROM prompts WHERE id < 9",
        "80 | SELECT /*+ BROADCAST(b) */ a.id, a.t, b.t FROM (SELECT id, f(embeds) AS t FROM prompts) a JOIN (SELECT id, f(embeds) AS t FROM prompts) b ON a.id = b.id",
        "40 | SELECT /*+ MERGE(b) */ a.id, a.t, b.t FROM (SELECT id, f(embeds) AS t FROM prompts) a JOIN (SELECT id, f(embeds) AS t FROM prompts) b ON a.id = b.id",
        "40 | SELECT a.id, b.t FROM prompts a, LATERAL (SELECT f(a.embeds) AS t) b",
        "40 | SELECT * FROM (SELECT id % 2 AS k, id, f(embeds) AS t FROM prompts) PIVOT (max(t) FOR k IN (0, 1))",
        "40 | SELECT * FROM (SELECT id % 4 AS k, id % 2 AS p, f(embeds) AS t FROM prompts) PIVOT (max(t) FOR p IN (0, 1))",
        "40 | SELECT * FROM (SELECT id, f(embeds) AS t, upper(f(embeds)) AS u FROM prompts) UNPIVOT (v FOR n IN (t, u))",
        "8  | SELECT id, f(embeds) FROM prompts LIMIT 5 OFFSET 3",
        "5  | SELECT id, f(embeds) FROM prompts ORDER BY id LIMIT 5 OFFSET 3",
        "5  | SELECT id + 1 AS next, f(embeds) FROM prompts ORDER BY next LIMIT 5 OFFSET 3",
        "8  | SELECT max(t), min(t) FROM (SELECT f(embeds) AS t FROM prompts ORDER BY embeds[0] LIMIT 8 OFFSET 2)",
        "5  | SELECT count(t) FROM (SELECT f(embeds) AS t FROM prompts LIMIT 5 OFFSET 3)",
        "40 | SELECT id, f(embeds) FROM prompts ORDER BY id OFFSET 3",
        // subqueries
        "40 | SELECT id FROM prompts WHERE id NOT IN (SELECT length(f(embeds)) FROM prompts)",
        "40 | SELECT id, f(embeds) = (SELECT max(f(embeds)) FROM prompts WHERE id < 20) FROM prompts WHERE id >= 20",
        "40 | SELECT id, (SELECT max(f(b.embeds)) FROM prompts b WHERE b.id = a.id) FROM prompts a",
        "40 | SELECT id, (SELECT f(a.embeds)) FROM prompts a",
        "80 | SELECT id FROM prompts a WHERE EXISTS (SELECT 1 FROM prompts b WHERE f(b.embeds) = f(a.embeds))",
        "40 | SELECT id FROM prompts WHERE f(embeds) = (SELECT max(f(embeds)) FROM prompts WHERE id < 0) OR id = 1",
        "10 | SELECT id FROM prompts a WHERE EXISTS (SELECT 1 FROM prompts b WHERE b.id = a.id AND b.id < 10 AND f(b.embeds) LIKE '%of 8%')",
        "40 | SELECT id FROM prompts WHERE f(embeds) IN (SELECT concat('sum', id) FROM prompts)",
        "40 | SELECT id, (SELECT max(t) FROM (SELECT id AS k, f(embeds) AS t FROM prompts) WHERE k = p.id) FROM prompts p",
        // order
        "5  | SELECT id, f(embeds) FROM prompts ORDER BY id LIMIT 5",
        "5  | SELECT id * 2 AS twice, f(embeds) FROM prompts ORDER BY twice DESC LIMIT 5",
        "5  | SELECT f(embeds) FROM prompts ORDER BY id LIMIT 5",
        "40 | SELECT id FROM (SELECT id, f(embeds) AS t FROM prompts) ORDER BY t, id LIMIT 5",
        "40 | SELECT id, f(embeds) AS t FROM prompts ORDER BY t, id",
        "40 | SELECT id, f(embeds) AS t FROM prompts ORDER BY id",
        "40 | SELECT id FROM prompts ORDER BY f(embeds), id LIMIT 3",
        "40 | SELECT id, s FROM prompts LATERAL VIEW explode(split(f(embeds), ' ')) AS s",
      })
  void resultsAndRowsGenerated(int generated, String query) {
    List<Row> expected = run(query, "oracle");

    List<Row> actual = run(query, "generate_from_embeds");

    if (query.contains("ORDER BY id") || query.contains("ORDER BY t") || query.contains("LIMIT")) {
      assertThat(actual).containsExactlyElementsOf(expected);
    } else {
      assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    }

    assertThat(FakeBackend.takeGenerated()).isEqualTo(generated);
  }

  @Test
  void limitsDoNotGenerateTheTable() {
    Dataset<Row> answers = spark.sql("SELECT id, generate_from_embeds(embeds) AS t FROM prompts");

    assertThat(answers.limit(10).collectAsList()).hasSize(10).allMatch(PlannerTest::isRight);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(10);
    assertThat(answers.head()).matches(PlannerTest::isRight);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(1);
    assertThat(answers.limit(10).repartition(2).collectAsList())
        .hasSize(10)
        .allMatch(PlannerTest::isRight);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(10);
  }

  private static boolean isRight(Row row) {
    return row.getString(1).equals(TestSpark.text(row.getLong(0)));
  }

  @Test
  void cacheIsFilledOnce() {
    spark.sql("CACHE TABLE answers AS SELECT id, generate_from_embeds(embeds) AS t FROM prompts");
    try {
      assertThat(FakeBackend.takeGenerated()).isEqualTo(40);
      assertThat(spark.sql("SELECT * FROM answers WHERE t LIKE 'sum%'").collectAsList())
          .hasSize(40)
          .allMatch(PlannerTest::isRight);
      assertThat(FakeBackend.takeGenerated()).isZero();
    } finally {
      spark.sql("DROP VIEW answers");
    }
  }

  @Test
  void selfJoinOfADataFrameSharesTheShuffle() {
    Dataset<Row> answers = spark.sql("SELECT id, generate_from_embeds(embeds) AS t FROM prompts");
    Dataset<Row> joined =
        answers
            .as("a")
            .join(answers.as("b").hint("merge"), "id")
            .selectExpr("id", "a.t", "b.t AS u");

    assertThat(joined.collectAsList()).hasSize(40).allMatch(PlannerTest::isRight);
    assertThat(FakeBackend.takeGenerated()).isEqualTo(40);
  }

  @Test
  void filterOnAnotherColumnReachesTheScan() {
    String plan =
        explain(
            "SELECT t FROM (SELECT id, generate_from_embeds(embeds) AS t FROM prompts) WHERE t > '' AND id < 10");

    assertThat(plan).contains("PushedFilters: [IsNotNull(id), LessThan(id,10)]");
  }

  @Test
  void explainShowsModelAndParameters() {
    assertThat(
            explain("SELECT id, generate_from_embeds(embeds, max_tokens => 9) AS t FROM prompts"))
        .contains(
            "GenerateFromEmbeds",
            "max_tokens => 9",
            "Model: fake://test, in the executors, device auto",
            "Pass through: [id#");
    assertThat(
            explain(
                "SELECT generate_from_embeds(embeds, model => 'http://host:8000/v1#m') AS t FROM prompts"))
        .contains("Model: http://host:8000/v1#m, a server");
  }

  private String explain(String query) {
    List<Row> rows = new ArrayList<>(spark.sql("EXPLAIN FORMATTED " + query).collectAsList());
    return rows.get(0).getString(0);
  }

  @Test
  void viewsAndInserts() {
    spark.sql(
        "CREATE OR REPLACE TEMP VIEW v AS SELECT id, generate_from_embeds(embeds) AS t FROM prompts");
    spark.sql("DROP TABLE IF EXISTS written");
    spark.sql("CREATE TABLE written USING parquet AS SELECT * FROM v WHERE id < 7");
    spark.sql("INSERT INTO written SELECT id, t FROM v WHERE id >= 7 AND id < 12");

    assertThat(FakeBackend.takeGenerated()).isEqualTo(12);
    assertThat(spark.table("written").collectAsList()).hasSize(12).allMatch(PlannerTest::isRight);
    spark.sql("DROP TABLE written");
  }

  @Test
  void aCallThatCannotBeMovedIsRefused() {
    assertThatThrownBy(
            () ->
                spark
                    .sql(
                        "SELECT transform(array(embeds), e -> generate_from_embeds(e)) FROM prompts")
                    .collect())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("explode the array instead of calling in a lambda function");
  }
}
