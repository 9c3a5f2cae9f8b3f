package org.promptembeds;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.TestSpark;

class PromptEmbedsTest {
  @Test
  void columnsTakeOptionsAndColumns() {
    SamplingParams params = SamplingParams.builder().maxTokens(7).seed(2L).build();
    Map<String, Object> options =
        Map.of("max_tokens", 7, "seed", col("id"), "stop", List.of("a", "b"));

    List<Row> rows =
        TestSpark.session()
            .table("prompts")
            .where("id = 2")
            .select(
                PromptEmbeds.generateFromEmbeds(col("embeds"), options),
                PromptEmbeds.generateFromEmbedsDetail(col("embeds"), Map.of()).getField("text"))
            .collectAsList();

    assertThat(rows)
        .containsExactly(
            RowFactory.create(FakeBackend.text(TestSpark.embeds(2), params), TestSpark.text(2)));
  }
}
