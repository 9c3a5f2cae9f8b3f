package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ExplainMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.PromptEmbeds;
import org.promptembeds.ml.EmbedsTextGenerator;
import org.promptembeds.testing.TestSpark;

/** Outputs with a form, of a model of random weights and of one that can talk. */
class StructuredOutputTest {
  private static final Path TINY_CHAT = Path.of("..", "examples", "models", "tiny-chat");
  private static final int ROWS = Integer.getInteger("rows", 60);
  private static final String SCHEMA =
      "name STRING, age INT, tags ARRAY<STRING>, price DECIMAL(6,2), born DATE, at TIMESTAMP";

  @TempDir private static Path random;

  private final SparkSession spark = TestSpark.session().newSession();

  /** The sizes and the tokenizer of tiny-chat, with random weights. */
  @BeforeAll
  static void copyModel() throws IOException {
    for (String file : List.of("config.json", "generation_config.json", "tokenizer.json")) {
      Files.copy(TINY_CHAT.resolve(file), random.resolve(file));
    }
  }

  private String embeds() {
    return "array_repeat(array_repeat(float(id % 97) / 50 - 1, 192), 2)";
  }

  private String random(String options) {
    spark.conf().set("spark.promptembeds.loadFormat", "dummy");
    return "generate_from_embeds(%s, model => '%s', temperature => 1.5, seed => id, %s)"
        .formatted(embeds(), random, options);
  }

  @Test
  void everyRowBecomesItsType() {
    Dataset<Row> rows =
        spark.sql(
            "SELECT r.* FROM (SELECT %s AS r FROM range(%d))"
                .formatted(random("schema => '" + SCHEMA + "', max_tokens => 160"), ROWS));

    assertThat(rows.schema().sql()).contains("price: DECIMAL(6,2)");
    assertThat(rows.collectAsList())
        .hasSize(ROWS)
        .allSatisfy(
            row -> {
              for (int i = 0; i < row.size(); i++) {
                assertThat(row.get(i)).as("%s", row).isNotNull();
              }
            });
    assertThat(rows.queryExecution().explainString(ExplainMode.fromString("extended")))
        .contains("\"age\":{\"type\":\"integer\"")
        .contains("GenerateFromEmbeds [");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "choice => array('yes', 'no', 'perhaps')#yes|no|perhaps",
        "regex => '(yes|no)[!?]{1,3}'#(yes|no)[!?]{1,3}",
        "grammar => 'root ::= \"<\" root \">\" | [0-9]'#<*[0-9]>*",
        "json_object => true, disable_any_whitespace => true#\\{.*\\}"
      })
  void outputsHaveTheirForm(String option, String regex) {
    List<Row> rows =
        spark
            .sql("SELECT %s FROM range(8)".formatted(random(option + ", max_tokens => 24")))
            .collectAsList();

    assertThat(rows).allSatisfy(row -> assertThat(row.getString(0)).matches("(?s)(" + regex + ")"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "json_schema => '{\"not\": {}}'|json_schema: at #, 'not' is not supported: leave it out, and check outputs for it",
        "schema => 'a INTERVAL DAY'|which outputs cannot have: use STRING and cast",
        "schema => 'INT'|schema must be of fields, an array or a map, got INT: give it a field",
        "schema => 'a b c'|schema must be fields such as 'name STRING, age INT'",
        "schema => 'a INT', json_schema => '{}'|schema and json_schema are given: give one of them",
        "regex => 'a', json_object => true|the output can have one form, got regex and json_object: give one of them",
        "schema => concat('a', id)|schema must be a constant string, not a value of each row"
      })
  void whatCannotBeDoneIsRefusedAtAnalysis(String option, String message) {
    assertThatThrownBy(() -> spark.sql("SELECT %s FROM range(1)".formatted(random(option))))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"'', array(r), 1", "', n => 2', r, 2"})
  void detailsHaveTheValueBesideItsText(String several, String outputs, int count) {
    String ended = "schema => 'n INT, ok BOOLEAN', max_tokens => if(id = 0, 1, 60)" + several;
    List<Row> rows =
        spark
            .sql(
                "SELECT inline(%s) FROM (SELECT %s AS r FROM range(3))"
                    .formatted(
                        outputs,
                        random(ended)
                            .replace("generate_from_embeds", "generate_from_embeds_detail")))
            .selectExpr("value", "from_json(text, 'n INT, ok BOOLEAN') AS read", "finish_reason")
            .collectAsList();

    assertThat(rows)
        .hasSize(3 * count)
        .allSatisfy(row -> assertThat(row.get(0)).isEqualTo(row.get(1)))
        .filteredOn(row -> row.getString(2).equals("stop"))
        .hasSize(2 * count)
        .allSatisfy(row -> assertThat(row.getStruct(0).isNullAt(1)).isFalse());
  }

  @Test
  void detailsOfRowsAtFaultHaveNoValue() {
    Row row =
        spark
            .sql(
                "SELECT r.error, r.value, try_%s FROM (SELECT id, %s AS r FROM range(1))"
                    .formatted(
                        random("schema => 'n INT', max_tokens => id"),
                        random("schema => 'n INT', max_tokens => id")
                            .replace("generate_from_embeds", "generate_from_embeds_detail")))
            .head();

    assertThat(row.getString(0)).contains("max_tokens");
    assertThat(row.isNullAt(1)).isTrue();
    assertThat(row.isNullAt(2)).isTrue();
  }

  @Test
  void dataFramesAndTransformersHaveTheSameType() {
    spark.conf().set("spark.promptembeds.loadFormat", "dummy");
    Dataset<Row> prompts = spark.range(3).selectExpr("id", embeds() + " AS embeds");
    StructType type =
        new StructType().add("n", DataTypes.IntegerType).add("ok", DataTypes.BooleanType);

    Dataset<Row> frame =
        prompts.select(
            PromptEmbeds.generateFromEmbeds(
                    functions.col("embeds"),
                    Map.of("model", random.toString(), "schema", type.json(), "max_tokens", 60))
                .as("r"));
    Dataset<Row> transformed =
        new EmbedsTextGenerator()
            .setModelUrl(random.toString())
            .setInputCol("embeds")
            .setOutputCol("r")
            .setSchema("n INT, ok BOOLEAN")
            .setOption("max_tokens", 60)
            .transform(prompts)
            .select("r");

    assertThat(frame.schema().apply("r").dataType().sql()).isEqualTo("STRUCT<n: INT, ok: BOOLEAN>");
    assertThat(transformed.schema()).isEqualTo(frame.schema());
    assertThat(frame.collectAsList()).noneMatch(row -> row.getStruct(0).isNullAt(0));
    assertThat(transformed.collectAsList()).isEqualTo(frame.collectAsList());
  }

  @Test
  void transformersHaveTheValueInTheirDetails() {
    spark.conf().set("spark.promptembeds.loadFormat", "dummy");
    Dataset<Row> prompts = spark.range(1).selectExpr(embeds() + " AS embeds");
    EmbedsTextGenerator generator =
        new EmbedsTextGenerator()
            .setModelUrl(random.toString())
            .setInputCol("embeds")
            .setOutputCol("r")
            .setOutputMode("detail")
            .setSchema("n INT")
            .setOption("max_tokens", 60);

    Dataset<Row> rows = generator.transform(prompts);

    assertThat(rows.schema()).isEqualTo(generator.transformSchema(prompts.schema()));
    assertThat(rows.select("r.value.n").head().isNullAt(0)).isFalse();
  }
}
