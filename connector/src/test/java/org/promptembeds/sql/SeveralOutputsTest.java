package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.promptembeds.ml.EmbedsTextGenerator;
import org.promptembeds.testing.TestSpark;

/** Calls that say how many outputs there are give an array of them. */
class SeveralOutputsTest {
  private static final String MODEL =
      Path.of("..", "examples", "models", "tiny-chat").toAbsolutePath().normalize().toString();

  private final SparkSession spark = TestSpark.session().newSession();

  private static String call(String function, String options) {
    return "%s(array_repeat(array_repeat(float(id) / 100, 192), 3), model => '%s', max_tokens => 8, temperature => 1.5, %s)"
        .formatted(function, MODEL, options);
  }

  private Dataset<Row> query(String columns) {
    return spark.sql("SELECT %s FROM range(4)".formatted(columns));
  }

  @Test
  void outputIHasTheSeedPlusI() {
    String function = "generate_from_embeds";
    Dataset<Row> rows =
        query(
            "%s AS texts, array(%s, %s, %s) AS alone"
                .formatted(
                    call(function, "seed => 7, n => 3"),
                    call(function, "seed => 7"),
                    call(function, "seed => 8"),
                    call(function, "seed => 9")));

    assertThat(rows.schema().apply("texts").dataType())
        .isEqualTo(DataTypes.createArrayType(DataTypes.StringType, true));
    assertThat(rows.collectAsList())
        .hasSize(4)
        .allSatisfy(
            row -> {
              assertThat(row.getList(0)).isEqualTo(row.getList(1));
              assertThat(row.getList(0)).doesNotHaveDuplicates();
            });
  }

  @Test
  void anyNumberThatIsGivenMakesAnArray() {
    List<Row> rows =
        query(
                "size(%s), size(%s), size(%s)"
                    .formatted(
                        call("generate_from_embeds", "n => 1"),
                        call("generate_from_embeds", "n => int(id + 1)"),
                        call("try_generate_from_embeds", "n => NULL")))
            .collectAsList();

    for (int id = 0; id < 4; id++) {
      assertThat(rows.get(id)).isEqualTo(org.apache.spark.sql.RowFactory.create(1, id + 1, 1));
    }
  }

  @Test
  void detailsAreAnArrayOfStructs() {
    Dataset<Row> rows =
        query("inline(%s)".formatted(call("generate_from_embeds_detail", "logprobs => 1, n => 2")));

    assertThat(rows.select("text", "completion_tokens", "prompt_tokens", "error").collectAsList())
        .hasSize(8)
        .allSatisfy(
            row -> {
              assertThat(row.getString(0)).isNotNull();
              assertThat(row.getInt(1)).isBetween(1, 8);
              assertThat(row.getInt(2)).isEqualTo(3);
              assertThat(row.isNullAt(3)).isTrue();
            });
  }

  @Test
  void aRowAtFaultIsNullOrSaysWhyOnce() {
    String bad = "n => 2, seed => 1, min_p => id * 2";
    assertThat(query(call("try_generate_from_embeds", bad)).collectAsList())
        .satisfiesExactly(
            row -> assertThat(row.getList(0)).hasSize(2),
            row -> assertThat(row.isNullAt(0)).isTrue(),
            row -> assertThat(row.isNullAt(0)).isTrue(),
            row -> assertThat(row.isNullAt(0)).isTrue());
    assertThat(query(call("generate_from_embeds_detail", bad) + ".error").collectAsList().get(1))
        .satisfies(
            row ->
                assertThat(row.<String>getList(0))
                    .singleElement()
                    .asString()
                    .contains("min_p must be in [0, 1], got 2.0"));
    assertThatThrownBy(() -> query(call("generate_from_embeds", "n => 0")))
        .hasMessageContaining("n must be in [1, 256], got 0");
  }

  @Test
  void aRowsOwnMapCannotMakeAnArrayOfText() {
    spark.conf().set("spark.promptembeds.model", MODEL);
    List<Row> rows =
        query(
                "generate_from_embeds_detail(array_repeat(array_repeat(float(id), 192), 2), map_from_arrays(array('max_tokens', 'n'), array('4', string(id + 1)))).error")
            .collectAsList();

    assertThat(rows.get(0).isNullAt(0)).isTrue();
    assertThat(rows.get(1).getString(0))
        .contains("n is 2, but the call does not say that there are several outputs");
  }

  @Test
  void aSchemaMakesTypedValues() {
    Dataset<Row> rows =
        query(
            "%s AS r"
                .formatted(
                    call("generate_from_embeds", "schema => 'ok BOOLEAN', n => 3, seed => id")
                        .replace("max_tokens => 8", "max_tokens => 32")));

    assertThat(rows.schema().apply("r").dataType().sql()).isEqualTo("ARRAY<STRUCT<ok: BOOLEAN>>");
    assertThat(rows.collectAsList())
        .hasSize(4)
        .allSatisfy(
            row ->
                assertThat(row.<Row>getList(0))
                    .hasSize(3)
                    .allSatisfy(value -> assertThat(value.isNullAt(0)).isFalse()));
  }

  @Test
  void theTransformerAddsAnArray() {
    Dataset<Row> prompts = query("id, array_repeat(array_repeat(float(id) / 100, 192), 3) AS e");
    EmbedsTextGenerator generator =
        new EmbedsTextGenerator()
            .setInputCol("e")
            .setOutputCol("texts")
            .setModelUrl(MODEL)
            .setMaxTokens(4)
            .setOption("n", 2);

    Dataset<Row> rows = generator.transform(prompts);

    assertThat(generator.transformSchema(prompts.schema()).json()).isEqualTo(rows.schema().json());
    assertThat(rows.select("texts").collectAsList())
        .allSatisfy(row -> assertThat(row.getList(0)).hasSize(2));
  }
}
