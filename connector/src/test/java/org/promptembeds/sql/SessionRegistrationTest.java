package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.PromptEmbeds;
import org.promptembeds.sql.values.Seqs;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.TestSpark;
import scala.Option;

/** A session that has the functions by hand, without the extension. */
class SessionRegistrationTest {
  private static final SparkSession SPARK = create();

  private static SparkSession create() {
    org.apache.spark.sql.classic.SparkSession shared =
        (org.apache.spark.sql.classic.SparkSession) TestSpark.session();
    org.apache.spark.sql.classic.SparkSession bare =
        new org.apache.spark.sql.classic.SparkSession(
            shared.sparkContext(),
            Option.empty(),
            Option.empty(),
            new SparkSessionExtensions(),
            Seqs.map(Map.of()),
            Seqs.map(Map.of()));
    bare.conf().set("spark.promptembeds.model", "fake://test");
    shared.table("prompts").collectAsList();
    bare.read().parquet("target/tmp/prompts").createOrReplaceTempView("prompts");
    assertThat(bare.catalog().functionExists("generate_from_embeds")).isFalse();
    PromptEmbeds.register(bare);
    PromptEmbeds.register(bare);
    return bare;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, generate_from_embeds(embeds) FROM prompts WHERE id = 3",
        "SELECT id, CASE WHEN id = 3 THEN generate_from_embeds(embeds) END FROM prompts WHERE id = 3",
        "SELECT id, t FROM (SELECT id, generate_from_embeds(embeds) AS t FROM prompts) WHERE id = 3",
        "SELECT min(id), max(generate_from_embeds(embeds)) FROM prompts WHERE id = 3"
      })
  void queriesWork(String query) {
    FakeBackend.takeGenerated();

    List<Row> rows = SPARK.sql(query).collectAsList();

    assertThat(rows).containsExactly(RowFactory.create(3L, TestSpark.text(3)));
    assertThat(FakeBackend.takeGenerated()).isEqualTo(1);
  }

  @Test
  void extendedSessionsAreLeftAlone() {
    SparkSession extended = TestSpark.session();

    PromptEmbeds.register(extended);

    assertThat(extended.experimental().extraStrategies().isEmpty()).isTrue();
  }
}
