package org.promptembeds.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.TestSpark;

/** What the operator's size is taken for, and that joins are planned by it. */
class GenerationStatisticsTest {
  private static final String THRESHOLD = "spark.sql.autoBroadcastJoinThreshold";

  private final SparkSession spark = TestSpark.session();

  @BeforeEach
  void planOnce() {
    spark.conf().set("spark.sql.adaptive.enabled", false);
  }

  @AfterEach
  void unset() {
    spark.conf().unset("spark.sql.adaptive.enabled");
    spark.conf().unset(THRESHOLD);
  }

  private long size(String query) {
    LogicalPlan plan = spark.sql(query).queryExecution().optimizedPlan();
    while (!(plan instanceof EmbedsGeneration)) {
      plan = plan.children().apply(0);
    }

    return plan.stats().sizeInBytes().longValue();
  }

  private String joined(String columns) {
    return spark
        .sql(
            "SELECT * FROM (SELECT %s, generate_from_embeds(embeds) AS t FROM prompts) JOIN range(1000000) r ON r.id = k"
                .formatted(columns))
        .queryExecution()
        .executedPlan()
        .toString();
  }

  @Test
  void sizeIsThatOfTheOutput() {
    long table = size("SELECT *, generate_from_embeds(embeds) FROM prompts") - 512;

    assertThat(table)
        .isEqualTo(
            spark
                .table("prompts")
                .queryExecution()
                .optimizedPlan()
                .stats()
                .sizeInBytes()
                .longValue())
        .isGreaterThan(2_000);
    assertThat(size("SELECT id, generate_from_embeds(embeds) FROM prompts")).isEqualTo(8 + 8 + 512);
    assertThat(
            size(
                "SELECT id, generate_from_embeds(embeds), generate_from_embeds(embeds, max_tokens => 2) FROM prompts"))
        .isEqualTo(8 + 8 + 2 * 512);
  }

  @Test
  void knownRowsAreCounted() {
    assertThat(size("SELECT id, generate_from_embeds(array_repeat(float(id), 4)) FROM range(1000)"))
        .isEqualTo(1000 * (8 + 512));
    assertThat(
            size(
                "SELECT id, generate_from_embeds(embeds) FROM (SELECT * FROM prompts ORDER BY id LIMIT 7)"))
        .isEqualTo(7 * (8 + 8 + 512));
  }

  @Test
  void aJoinWithoutEmbeddingsIsBroadcast() {
    spark.conf().set(THRESHOLD, 2_000);

    assertThat(joined("id AS k")).contains("BroadcastHashJoin").doesNotContain("SortMergeJoin");
    assertThat(joined("id AS k, embeds"))
        .contains("SortMergeJoin")
        .doesNotContain("BroadcastHashJoin");
  }
}
