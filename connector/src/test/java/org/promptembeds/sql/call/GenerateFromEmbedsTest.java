package org.promptembeds.sql.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.FakeBackendProvider;
import org.promptembeds.testing.TestSpark;

/** The functions: arguments, types and errors. */
class GenerateFromEmbedsTest {
  private final SparkSession spark = TestSpark.session();

  private List<Row> sql(String query) {
    return spark.sql(query).collectAsList();
  }

  @Test
  void textOfEveryRowInOrder() {
    List<Row> expected =
        sql("SELECT id FROM prompts").stream()
            .map(row -> RowFactory.create(row.getLong(0), TestSpark.text(row.getLong(0))))
            .toList();

    assertThat(sql("SELECT id, generate_from_embeds(embeds) FROM prompts"))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void callsWithOtherOptionsAreColumnsOfOtherNames() {
    assertThat(
            spark
                .sql(
                    "SELECT generate_from_embeds(embeds), generate_from_embeds(embeds, MAX_TOKENS => 2),"
                        + " generate_from_embeds(embeds, stop => 'x', seed => id),"
                        + " generate_from_embeds_detail(embeds, max_tokens => 3).text,"
                        + " generate_from_embeds(embed_prompt('a'), map('seed', '1'))"
                        + " FROM prompts")
                .columns())
        .containsExactly(
            "generate_from_embeds(embeds)",
            "generate_from_embeds(embeds, max_tokens => 2)",
            "generate_from_embeds(embeds, stop => x, seed => id)",
            "generate_from_embeds_detail(embeds, max_tokens => 3).text",
            "generate_from_embeds(embed_prompt(a), map(seed, 1))");
  }

  @Test
  void aColumnThatTurnsOutConstantIsStillTheRows() {
    String query = "SELECT %s(embeds, top_p => p) FROM (SELECT embeds, 2.0 AS p FROM prompts)";

    assertThat(sql(query.formatted("try_generate_from_embeds")))
        .hasSizeGreaterThan(1)
        .containsOnly(RowFactory.create((Object) null));
    assertThatThrownBy(() -> sql(query.formatted("generate_from_embeds")))
        .hasStackTraceContaining("top_p must be in (0, 1], got 2.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(1.0, 2.25, 3.5, 4)",
        "array(array(1.0, 2.25, 3.5, 4.0))",
        "array(1.0BD, 2.25, 3.50000000000000000000, 4.0)"
      })
  void numbersAsSqlReadsThem(String embeds) {
    assertThat(sql("SELECT generate_from_embeds(" + embeds + ")"))
        .isEqualTo(sql("SELECT generate_from_embeds(array(1f, 2.25f, 3.5f, 4f))"));
  }

  @Test
  void constantAndPerRowOptions() {
    SamplingParams params =
        SamplingParams.builder().maxTokens(23).temperature(0.5).seed(3L).build();

    assertThat(
            sql(
                "SELECT generate_from_embeds(embeds, temperature => 0.5, max_tokens => 20 + id,"
                    + " seed => id) FROM prompts WHERE id = 3"))
        .containsExactly(RowFactory.create(FakeBackend.text(TestSpark.embeds(3), params)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "presence_penalty => 0.5, frequency_penalty => -2, repetition_penalty => 1.25",
        "presence_penalty => id / 6, frequency_penalty => 1 - id, repetition_penalty => 1.25F",
        "map('presence_penalty', '0.5', 'frequency_penalty', '-2', 'repetition_penalty', '1.25')"
      })
  void penaltiesOfAQueryAndOfEachRow(String arguments) {
    SamplingParams params =
        SamplingParams.builder()
            .presencePenalty(0.5)
            .frequencyPenalty(-2)
            .repetitionPenalty(1.25)
            .build();

    assertThat(
            sql("SELECT generate_from_embeds(embeds, " + arguments + ") FROM prompts WHERE id = 3"))
        .containsExactly(RowFactory.create(FakeBackend.text(TestSpark.embeds(3), params)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logit_bias => map(7, -100, 8, 2.5)",
        "logit_bias => map(7L, -100f, int(id) + 5, 2.5f)",
        "logit_bias => map('7', '-100', '8', string(id - 0.5))",
        "logit_bias => '{\"7\": -100, \"8\": 2.5}'",
        "map('logit_bias', concat('7: -100, 8:', id - 0.5))"
      })
  void biasesOfAQueryAndOfEachRow(String arguments) {
    SamplingParams params = SamplingParams.builder().logitBias(Map.of(7, -100.0, 8, 2.5)).build();

    assertThat(
            sql("SELECT generate_from_embeds(embeds, " + arguments + ") FROM prompts WHERE id = 3"))
        .containsExactly(RowFactory.create(FakeBackend.text(TestSpark.embeds(3), params)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embeds => embeds, max_tokens => 9",
        "embeds, max_tokens => 9",
        "embeds, MAX_TOKENS => '9'",
        "embeds, map('max_tokens', '9')",
        "embeds, map('max_tokens', string(id + 8))",
        "embeds, named_struct('max_tokens', 9)",
        "embeds, named_struct('max_tokens', 8 + id, 'seed', NULL)",
        "embeds, max_tokens => 8.0 + id, stop => array(string(id)), ignore_eos => string(id > 9)",
        "embeds, model => 'other', max_tokens => 4 + 5"
      })
  void optionsComeInSeveralForms(String arguments) {
    SamplingParams params = SamplingParams.builder().maxTokens(9).build();

    assertThat(sql("SELECT generate_from_embeds(" + arguments + ") FROM prompts WHERE id = 1"))
        .containsExactly(RowFactory.create(FakeBackend.text(TestSpark.embeds(1), params)));
  }

  @Test
  void detailHasEveryField() {
    Row detail =
        sql("SELECT generate_from_embeds_detail(embeds, logprobs => 1) FROM prompts WHERE id = 5")
            .get(0)
            .getStruct(0);

    assertThat(detail.<String>getAs("text"))
        .isEqualTo(FakeBackend.text(TestSpark.embeds(5), SamplingParams.builder().build()));
    assertThat(detail.<Integer>getList(1)).containsExactly(12, 5, 7);
    assertThat(detail.<String>getAs("finish_reason")).isEqualTo("stop");
    assertThat(detail.<Integer>getAs("prompt_tokens")).isEqualTo(3);
    assertThat(detail.<Integer>getAs("completion_tokens")).isEqualTo(3);
    assertThat(detail.<Row>getList(5)).hasSize(3);
    assertThat(detail.<Row>getList(5).get(0).toString())
        .isEqualTo("[12,-0.5,2,ArraySeq([12,-0.5])]");
    assertThat(detail.<String>getAs("error")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embeds",
        "transform(embeds, x -> double(x))",
        "transform(sequence(0, int(size(embeds) / 4) - 1), i -> slice(embeds, int(i) * 4 + 1, 4))",
        "transform(sequence(0, int(size(embeds) / 4) - 1), i -> transform(slice(embeds, int(i) * 4 + 1,"
            + " 4), x -> double(x)))"
      })
  void embedsComeInSeveralTypes(String embeds) {
    assertThat(sql("SELECT generate_from_embeds(" + embeds + ") FROM prompts WHERE id IN (2, 4)"))
        .containsExactlyInAnyOrder(
            RowFactory.create(TestSpark.text(2)), RowFactory.create(TestSpark.text(4)));
  }

  @Test
  void serialisedTensorsInBinaryAndBase64() {
    Tensor tensor = Tensor.ofFloats(TestSpark.embeds(4), 2, 4);
    byte[] torch = TorchFormat.write(tensor);
    List<Row> rows =
        List.of(
            RowFactory.create(torch, Base64.getEncoder().encodeToString(torch)),
            RowFactory.create(NpyFormat.write(tensor), null));
    StructType schema =
        new StructType().add("b", DataTypes.BinaryType).add("s", DataTypes.StringType);
    spark.createDataFrame(rows, schema).createOrReplaceTempView("serialised");

    assertThat(sql("SELECT generate_from_embeds(b), generate_from_embeds(s) FROM serialised"))
        .containsExactly(
            RowFactory.create(TestSpark.text(4), TestSpark.text(4)),
            RowFactory.create(TestSpark.text(4), null));
  }

  @Test
  void nullStaysNull() {
    FakeBackend.takeGenerated();

    assertThat(
            sql(
                "SELECT generate_from_embeds(NULL), generate_from_embeds(CAST(NULL AS array<float>)),"
                    + " generate_from_embeds_detail(IF(id < 0, embeds, NULL)) FROM prompts"
                    + " WHERE id = 1"))
        .containsExactly(RowFactory.create(null, null, null));
    assertThat(FakeBackend.takeGenerated()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "array(1f, 2f, 3f) | 3 values are not a multiple of the hidden size 4",
        "array(1f, 2f, 3f, 4f), hidden_size => 2 | embeddings have hidden size 2, the model has 4",
        "array(1f, 2f, 3f, 4f), hidden_size => int(id) | 4 values are not a multiple of the hidden size",
        "array(array(1f, 2f)), hidden_size => 4 | vectors of 2 values, but hidden_size says 4",
        "array(array(1f, 2f)) | embeddings have hidden size 2, the model has 4",
        "array(array(1f, 2f), array(1f)) | position 0 has 2 values, position 1 has 1",
        "array(1f, 2f, NULL, 4f) | embeddings hold NULL at index 2",
        "slice(embeds, 1, 0) | embeddings are empty",
        "array(1f, float('nan'), 0f, 0f) | embeddings hold NaN",
        "string('AAAA') | base64 must hold the bytes of torch.save",
        "string('a question') | to have text embedded, write embed_prompt(text) in its place"
      })
  void aRowAtFault(String embeds, String message) {
    String from = " FROM prompts WHERE id = 11";

    assertThatThrownBy(() -> sql("SELECT generate_from_embeds(" + embeds + ")" + from))
        .rootCause()
        .hasMessageContaining(message);
    assertThatThrownBy(() -> sql("SELECT generate_from_embeds(" + embeds + ")" + from))
        .hasStackTraceContaining("row '0 of partition ");
    assertThat(sql("SELECT try_generate_from_embeds(" + embeds + ")" + from).get(0).get(0))
        .isNull();
    Row detail =
        sql("SELECT generate_from_embeds_detail(" + embeds + ")" + from).get(0).getStruct(0);
    assertThat(detail.<String>getAs("error")).contains(message);
    assertThat(detail.<String>getAs("text")).isNull();
  }

  @Test
  void emptyAndNonFiniteEmbeddingsAreRefusedAlikeInEveryType() {
    Tensor empty = Tensor.of(DType.FLOAT32, ByteBuffer.allocate(0), 0, 4);
    Tensor infinite = Tensor.ofFloats(new float[] {0, Float.POSITIVE_INFINITY, 0, 0}, 1, 4);
    for (String value :
        List.of("slice(embeds, 1, 0)", "filter(array(embeds), e -> false)", binary(empty))) {
      assertThat(error(value)).endsWith("': embeddings are empty: pass at least 1 position");
    }

    for (String value :
        List.of(
            "array(0f, float('infinity'), 0f, 0f)",
            "array(array(0d, 1e300d, 0d, 0d))",
            binary(infinite))) {
      assertThat(error(value)).contains("': embeddings hold ");
    }
  }

  private static String binary(Tensor tensor) {
    return "unhex('" + HexFormat.of().formatHex(TorchFormat.write(tensor)) + "')";
  }

  private String error(String embeds) {
    return sql("SELECT generate_from_embeds_detail(%s).error FROM prompts WHERE id = 11"
            .formatted(embeds))
        .get(0)
        .getString(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id AS key | row '0 of partition 0':",
        "id | row '0 of partition 0, id 11':",
        "concat('tensor ', id) AS name, id | row '0 of partition 0, name tensor 11':",
        "repeat(id, 100) AS name | row '0 of partition 0, name 1111",
        "concat(id, chr(10), 'b') AS name | row '0 of partition 0, name 11\uFFFDb':",
        "CAST(NULL AS string) AS name | row '0 of partition 0':",
        "array(id) AS name | row '0 of partition 0':"
      })
  void aRowAtFaultIsNamedByItsKey(String columns, String name) {
    List<Row> rows =
        sql(
            "SELECT *, generate_from_embeds_detail(array(1f, 2f, 3f)).error FROM (SELECT /*+"
                + " COALESCE(1) */ "
                + columns
                + " FROM prompts WHERE id = 11)");
    Row row = rows.get(0);
    assertThat(row.getString(row.length() - 1)).startsWith(name).hasSizeLessThan(300);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embeds, max_token => 5 | (embeds, max_token => 5)",
        "embeds, max_token => 5 | unknown argument 'max_token'; did you mean 'max_tokens'?",
        "embeds, map('topp', '1') | unknown argument 'topp'; did you mean 'top_p'?",
        "embeds, max_tokens => 0 | max_tokens must be at least 1, got 0",
        "embeds, max_tokens => 'many' | max_tokens must be an integer, got 'many'",
        "embeds, min_tokens => 9, max_tokens => 8 | min_tokens must not exceed max_tokens (8)",
        "embeds, temperature => -1, top_p => 2 | got -1.0; top_p must be in (0, 1], got 2.0",
        "embeds, presence_penalty => 2.5 | presence_penalty must be in [-2, 2], got 2.5",
        "embeds, frequency_penalty => -3 | frequency_penalty must be in [-2, 2], got -3.0",
        "embeds, repetition_penalty => 0 | repetition_penalty must be a finite number above 0, got 0.0",
        "embeds, repetition_penalty => 'much' | repetition_penalty must be a number, got 'much'",
        "embeds, repetition_penalty => id > 3 | repetition_penalty must be a number, got an expression of type BOOLEAN",
        "embeds, logit_bias => map(7, 101) | logit_bias of token 7 must be in [-100, 100], got 101.0",
        "embeds, logit_bias => map(-7, 1) | logit_bias must not have negative token ids, got -7",
        "embeds, logit_bias => '7' | logit_bias must be a map of token ids to numbers, or JSON such as",
        "embeds, logit_bias => '7:1, 7:2' | logit_bias must be a map of token ids to numbers",
        "embeds, logit_bias => map(7, NULL) | an option's map must not hold NULL",
        "embeds, logit_bias => map_from_arrays(sequence(1, 301), array_repeat(1, 301)) | logit_bias must have at most 300 tokens, got 301",
        "embeds, logit_bias => map(id, id > 3) | logit_bias must be a map of token ids to numbers",
        "embeds, presence_penalties => 1 | did you mean 'presence_penalty'?",
        "embeds, map('max_tokens', '1'), seed => 3 | all of them in one map or struct",
        "embeds, temperature => embeds | temperature must be a number, got an expression of type ARRAY<FLOAT>",
        "embeds, max_tokens => id > 3 | max_tokens must be an integer, got an expression of type BOOLEAN",
        "embeds, stop => array(id) | stop must be a string or an array of strings, got an expression of type ARRAY<BIGINT>",
        "embeds, named_struct('seed', map(1, id)) | seed must be an integer, got an expression of type MAP<INT, BIGINT>",
        "embeds, 64 | options must be given by name, or as a map<string,string> or a struct",
        "embeds, model => string(id) | model must be a constant",
        "embeds, logprobs => 2 | use generate_from_embeds_detail",
        "id | embeds must be array<array<float>>",
        "max_tokens => 5 | the first argument is missing",
      })
  void badArgumentsFailBeforeAJob(String arguments, String message) {
    assertThatThrownBy(
            () -> spark.sql("SELECT generate_from_embeds(" + arguments + ") FROM prompts"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(message);
  }

  @Test
  void badOptionOfOneRow() {
    String call = "_generate_from_embeds(embeds, max_tokens => 3 - id) FROM prompts WHERE id < 4";

    assertThat(
            sql("SELECT id, try" + call).stream()
                .filter(row -> row.isNullAt(1))
                .map(row -> row.getLong(0)))
        .containsExactly(3L);
  }

  @Test
  void aModelInARowsOptionsIsRefused() {
    Row detail =
        sql("SELECT generate_from_embeds_detail(embeds, o) FROM (SELECT embeds,"
                + " map_from_arrays(array('model'), array(string(id))) AS o FROM prompts WHERE id = 1)")
            .get(0)
            .getStruct(0);

    assertThat(detail.<String>getAs("error")).contains("model must be a constant of the query");
    assertThat(
            sql(
                "SELECT generate_from_embeds(embeds, map('model', 'other', 'max_tokens',"
                    + " string(id + 255))) FROM prompts WHERE id = 1"))
        .containsExactly(RowFactory.create(TestSpark.text(1)));
  }

  @Test
  void functionsAreDescribed() {
    String description =
        sql("DESCRIBE FUNCTION EXTENDED generate_from_embeds").stream()
            .map(row -> row.getString(0))
            .reduce("", (a, b) -> a + "\n" + b);

    assertThat(description)
        .contains(
            "Function: generate_from_embeds", "Usage:", "Arguments:", "Examples:", "Since: 0.1.0")
        .contains("* max_tokens => int - Most tokens to generate, at least 1. Default 256.");
  }

  @Test
  void brokenModelFailsTheQueryAndIsLoadedOnce() {
    assertThatThrownBy(
            () ->
                sql(
                    "SELECT try_generate_from_embeds(embeds, model => 'fake://broken') FROM prompts"))
        .hasStackTraceContaining("model fake://broken does not load: weights are missing");
    assertThat(FakeBackendProvider.loads("fake://broken")).isEqualTo(1);
  }
}
