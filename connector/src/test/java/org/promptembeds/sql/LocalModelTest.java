package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.promptembeds.testing.TestSpark;

/** The functions over a real model in this JVM. */
class LocalModelTest {
  private static final String MODEL =
      Path.of("..", "examples", "models", "tiny-chat").toAbsolutePath().normalize().toString();

  private final SparkSession spark = TestSpark.session();

  private List<Row> detail(String embeds) {
    return spark
        .sql(
            "SELECT g.* FROM (SELECT generate_from_embeds_detail("
                + embeds
                + ", model => '"
                + MODEL
                + "', max_tokens => 4, ignore_eos => true) AS g FROM range(6))")
        .collectAsList();
  }

  @Test
  void rowsOfSeveralTasksShareOneModel() {
    List<Row> rows = detail("array_repeat(array_repeat(float(id) / 100, " + hiddenSize() + "), 3)");

    assertThat(rows)
        .hasSize(6)
        .allSatisfy(
            row -> {
              assertThat(row.<String>getAs("error")).isNull();
              assertThat(row.<String>getAs("text")).isNotNull();
              assertThat(row.<Integer>getList(1)).hasSize(4);
              assertThat(row.<String>getAs("finish_reason")).isEqualTo("length");
              assertThat(row.<Integer>getAs("prompt_tokens")).isEqualTo(3);
            });
    assertThat(detail("array_repeat(float(id) / 100, " + 3 * hiddenSize() + ")")).isEqualTo(rows);
  }

  @Test
  void rowsAtFaultSayWhy() {
    assertThat(detail("array_repeat(array(1f, 2f), 3)"))
        .allSatisfy(
            row -> assertThat(row.<String>getAs("error")).contains("row '", "" + hiddenSize()));
    assertThat(detail("array_repeat(float('nan'), " + hiddenSize() + ")"))
        .allSatisfy(row -> assertThat(row.<String>getAs("error")).contains("NaN"));
  }

  @Test
  void aMissingDirectoryIsNamed() {
    assertThatThrownBy(
            () ->
                spark
                    .sql(
                        "SELECT generate_from_embeds(embeds, model => '/no/such/model') FROM prompts")
                    .collect())
        .hasStackTraceContaining("model directory /no/such/model does not exist on host");
  }

  private static int hiddenSize() {
    return org.promptembeds.model.ModelDirectory.open(Path.of(MODEL)).config().hiddenSize();
  }
}
