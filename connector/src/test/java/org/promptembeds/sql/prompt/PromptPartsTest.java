package org.promptembeds.sql.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.FakeModel;
import org.promptembeds.testing.SoftPrompts;
import org.promptembeds.testing.TestSpark;

/** Prompts put together of parts, and soft prompts, as arguments of the generate functions. */
class PromptPartsTest {
  private static final String NAMED = "spark.promptembeds.softPrompts.Pirate";

  @TempDir private static Path model;
  @TempDir private static Path adapter; // two positions
  @TempDir private static Path narrow; // an adapter of another model

  private final SparkSession spark = TestSpark.session();

  @BeforeAll
  static void write() throws IOException {
    FakeModel.write(model);
    SoftPrompts.write(adapter, "PROMPT_TUNING", 2, 4);
    SoftPrompts.write(narrow, "PROMPT_TUNING", 2, 3);
  }

  @BeforeEach
  void configure() {
    spark.conf().set(NAMED, adapter.toString());
    FakeBackend.takePrefixLengths();
  }

  @AfterEach
  void unconfigure() {
    spark.conf().unset(NAMED);
  }

  private String filled(String sql) {
    return sql.replace("$model", "model => '" + model + "'")
        .replace("$adapter", adapter.toString())
        .replace("$narrow", narrow.toString());
  }

  private Object only(String expression) {
    List<Row> rows = spark.sql("SELECT " + filled(expression)).collectAsList();
    assertThat(rows).hasSize(1);
    return rows.get(0).get(0);
  }

  /** What the fake model says of parts, each token ids or embeddings. */
  private static String text(Object... parts) {
    List<Float> all = new ArrayList<>();
    for (Object part : parts) {
      if (part instanceof int[] tokenIds) {
        for (int tokenId : tokenIds) {
          for (int column = 0; column < 4; column++) {
            all.add(FakeModel.value(tokenId, column));
          }
        }
      } else {
        for (float value : (float[]) part) {
          all.add(value);
        }
      }
    }

    float[] embeds = new float[all.size()];
    for (int i = 0; i < embeds.length; i++) {
      embeds[i] = all.get(i);
    }

    return FakeBackend.text(embeds, SamplingParams.builder().build());
  }

  private static float[] soft() {
    float[] values = new float[8];
    for (int i = 0; i < values.length; i++) {
      values[i] = SoftPrompts.value(i);
    }

    return values;
  }

  private static int[] ids(String text) {
    try (PromptEmbedder embedder = PromptEmbedder.open(model)) {
      return embedder.tokenIds(text, false);
    }
  }

  private static String part(String fields) {
    return "named_struct(" + fields + ")";
  }

  @Test
  void partsOfEveryKindInAnyOrder() {
    StructType part =
        new StructType()
            .add("soft_prompt", DataTypes.StringType)
            .add("embeds", DataTypes.createArrayType(DataTypes.FloatType))
            .add("TEXT", DataTypes.StringType)
            .add("token_ids", DataTypes.createArrayType(DataTypes.LongType));
    Row text = RowFactory.create(null, null, "the moon", null);
    Row embeds = RowFactory.create(null, new float[] {1, 2, 3, 4}, null, null);
    Row tokens = RowFactory.create(null, null, null, new long[] {5, 6});
    Row soft = RowFactory.create("pirate", null, null, null);
    List<Row> rows =
        List.of(
            RowFactory.create(List.of(text, embeds, tokens, soft)),
            RowFactory.create(List.of(soft, tokens, embeds, embeds, text)),
            RowFactory.create((Object) null));

    List<Row> generated =
        generate(rows, DataTypes.createArrayType(part), "generate_from_embeds(p, $model)");

    float[] image = {1, 2, 3, 4};
    int[] moon = ids("the moon");
    assertThat(generated)
        .extracting(row -> row.get(0))
        .containsExactly(
            text(moon, image, new int[] {5, 6}, soft()),
            text(soft(), new int[] {5, 6}, image, image, moon),
            null);
    assertThat(FakeBackend.takePrefixLengths()).containsExactly(0, 2);
    assertThat(
            generate(rows, DataTypes.createArrayType(part), "size(concat_embeds('', p, $model))"))
        .extracting(row -> row.get(0))
        .containsExactly(4 * (moon.length + 5), 4 * (moon.length + 6), null);
  }

  private List<Row> generate(List<Row> rows, DataType type, String call) {
    spark
        .createDataFrame(rows, new StructType().add("p", type))
        .coalesce(1)
        .createOrReplaceTempView("part_rows");
    return spark.sql(filled("SELECT " + call + " FROM part_rows")).collectAsList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concat_embeds('a', array(3, 4), array(1d, 2d, 3d, 4d), 'b', $model)",
        "array(named_struct('text', 'a', 'token_ids', NULL, 'embeds', NULL), named_struct('text', NULL,"
            + " 'token_ids', array(3, 4), 'embeds', NULL), named_struct('text', NULL, 'token_ids', NULL,"
            + " 'embeds', array(array(1d, 2d, 3d, 4d))), named_struct('text', 'b', 'token_ids', NULL,"
            + " 'embeds', NULL))",
        "from_json('[{\"text\": \"a\"}, {\"token_ids\": [3, 4]}, {\"embeds\": [1, 2, 3, 4]}, {\"text\": \"b\"}]',"
            + " 'array<struct<text string, token_ids array<int>, embeds array<float>>>')",
        "from_json('[{\"type\": \"text\", \"text\": \"a\", \"embeds\": [9]}, {\"type\": \"TOKEN_IDS\","
            + " \"token_ids\": [3, 4]}, {\"type\": \"embeds\", \"embeds\": [1, 2, 3, 4]},"
            + " {\"text\": \"b\"}]', 'array<struct<type string, text string, token_ids array<int>, embeds"
            + " array<float>>>')"
      })
  void formsOfTheSamePrompt(String prompt) {
    assertThat(only("generate_from_embeds(" + prompt + ", $model)"))
        .isEqualTo(text(ids("a"), new int[] {3, 4}, new float[] {1, 2, 3, 4}, ids("b")));
  }

  @Test
  void contentPartsOfAChat() {
    byte[] tensor = TorchFormat.write(Tensor.ofFloats(new float[] {1, 2, 3, 4}, 1, 1, 4));
    String json =
        """
        [{"type": "text", "text": "a"}, {"type": "prompt_embeds", "data": "%s"}]"""
            .formatted(Base64.getEncoder().encodeToString(tensor));
    String parts =
        "from_json('" + json + "', 'array<struct<type string, text string, data string>>')";

    assertThat(only("generate_from_embeds(" + parts + ", $model)"))
        .isEqualTo(text(ids("a"), new float[] {1, 2, 3, 4}));
    assertThat(only("concat_embeds('a', unbase64('" + base64(tensor) + "'), $model)"))
        .isEqualTo(only("concat_embeds(" + parts + ", $model)"));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'texts', 'a' | unknown field 'texts'",
        "'text', 1 | field 'text' cannot be of type INT",
        "'text', 'a', 'type', 2 | field 'type' cannot be of type INT",
        "'token_ids', array('a') | field 'token_ids' cannot be of type ARRAY<STRING>",
        "'embeds', array(true), 'soft_prompt', 1 | field 'embeds' cannot be of type ARRAY<BOOLEAN>; field 'soft_prompt' cannot be of type INT",
        "'embeds', array(1f), 'data', 'b' | field 'embeds' is there twice",
        "'type', 'text' | no field holds a value",
      })
  void wrongFieldsAreRefusedBeforeAJobRuns(String fields, String reason) {
    String parts = "array(" + part(fields) + ")";

    for (String call : List.of("generate_from_embeds(", "concat_embeds('a', ")) {
      assertThatThrownBy(() -> spark.sql("SELECT " + filled(call + parts + ", $model)")))
          .isInstanceOf(AnalysisException.class)
          .hasMessageContaining("a part is a struct of some of type string, text string, token_ids")
          .hasMessageContaining(reason);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "generate_from_embeds(array('a'), $model) | or an array of parts, which are structs, got ARRAY<STRING>",
        "generate_from_embeds(array(1f), soft_prompt => 'parrot', $model) | soft prompt 'parrot' is neither a folder nor a configured name: set spark.promptembeds.softPrompts.parrot to its directory, or give a path; configured: Pirate",
        "generate_from_embeds(array(1f), soft_prompt => 1, $model) | soft_prompt must be a string, got 1",
        "generate_from_embeds(array(1f), soft_prompt => 'pirate', model => 'http://host/v1#m') | http://host/v1#m is a server",
        "generate_from_embeds(array(named_struct('text', 'a')), model => 'http://host/v1#m') | need the tokenizer and the embedding table of a model",
        "embed_prompt('a', model => 'http://host/v1#m') | as in concat_embeds(..., model => '<directory>')",
        "soft_prompt('parrot', $model) | soft prompt 'parrot' is neither",
      })
  void callsThatCannotBeRightAreRefusedBeforeAJobRuns(String call, String reason) {
    assertThatThrownBy(() -> spark.sql("SELECT " + filled(call)))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\": \"b\", \"token_ids\": [1]} | part 2: it has 2 values, text, token_ids: set one, or let type say which",
        "{\"type\": null} | part 2: it has no value: set one of text, token_ids, embeds, soft_prompt",
        "{\"type\": \"image\", \"text\": \"a\"} | part 2: its type is 'image', not one of the fields: text, token_ids",
        "{\"type\": \"embeds\", \"text\": \"a\"} | part 2: its type is 'embeds', but embeds is NULL",
        "null | part 2 is NULL: leave it out",
        "{\"token_ids\": [-1]} | part 2: token id -1 at position 0 is not one",
        "{\"token_ids\": [4096]} | part 2: token id 4096 at position 0 is not in the embedding table of 4096 rows",
        "{\"embeds\": [[1, 2, 3]]} | part 2: embeddings have positions of 3 values, but the model's hidden size is 4",
        "{\"soft_prompt\": \"parrot\"} | part 2: soft prompt 'parrot' is neither a folder nor a configured name",
        "{\"soft_prompt\": \"/no/such\"} | part 2: soft prompt directory /no/such does not exist on host",
        "{\"soft_prompt\": \"$narrow\"} | token_dim is 3, but the hidden size of the model is 4",
      })
  void rowsAtFaultSayWhichPart(String part, String reason) {
    String call =
        "generate_from_embeds%s(from_json('[{\"text\": \"a\"}, "
            + part
            + "]', 'array<struct<type string, text string, token_ids array<bigint>, embeds"
            + " array<array<float>>, soft_prompt string>>'), $model)";

    assertThatThrownBy(() -> only(call.formatted("")))
        .hasStackTraceContaining("row '0 of partition 0': part 2")
        .hasStackTraceContaining(reason);
    assertThat(only("try_" + call.formatted(""))).isNull();
    assertThat((String) only(call.formatted("_detail") + ".error")).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(named_struct('text', ''))",
        "from_json('[]', 'array<struct<text string>>')",
        "array(named_struct('embeds', CAST(array() AS array<float>)))"
      })
  void aPromptHasAtLeastOnePosition(String parts) {
    assertThat((String) only("generate_from_embeds_detail(" + parts + ", $model).error"))
        .isEqualTo(
            "row '0 of partition 0': all parts are empty: a prompt has at least one position");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(1f, 2f, 3f, 4f), soft_prompt => 'pirate'",
        "array(1f, 2f, 3f, 4f), soft_prompt => '$adapter'",
        "array(1f, 2f, 3f, 4f), soft_prompt => 'file:$adapter'",
        "array(array(1d, 2d, 3d, 4d)), soft_prompt => 'PIRATE'",
        "array(named_struct('embeds', array(1f, 2f, 3f, 4f))), soft_prompt => 'pirate'",
        "array(1f, 2f, 3f, 4f), map('soft_prompt', 'pirate', 'model', '$dir')",
        "concat_embeds(soft_prompt('pirate', $model), array(1f, 2f, 3f, 4f), $model)",
      })
  void aSoftPromptStandsFirst(String arguments) {
    String call =
        "generate_from_embeds("
            + arguments.replace("$dir", model.toString())
            + (arguments.contains("map(") ? ")" : ", $model)");

    assertThat(only(call)).isEqualTo(text(soft(), new float[] {1, 2, 3, 4}));
    assertThat(FakeBackend.takePrefixLengths())
        .containsExactly(arguments.startsWith("concat") ? 0 : 2);
  }

  @Test
  void rowsMayHaveSoftPromptsOfTheirOwn() {
    String names = "CASE id WHEN 0 THEN 'pirate' WHEN 1 THEN NULL ELSE 'parrot' END";
    String call =
        "SELECT generate_from_embeds_detail(array(1f, 2f, 3f, 4f), soft_prompt => %s, $model) AS g"
            + " FROM range(0, 3, 1, 1) ORDER BY id";

    List<Row> rows =
        spark
            .sql(filled("SELECT g.text, g.error FROM (" + call.formatted(names) + ")"))
            .collectAsList();

    assertThat(rows)
        .extracting(row -> row.get(0))
        .containsExactly(
            text(soft(), new float[] {1, 2, 3, 4}), text(new float[] {1, 2, 3, 4}), null);
    assertThat(rows.get(2).getString(1)).contains("row '2 of", "soft prompt 'parrot' is neither");
    assertThat(FakeBackend.takePrefixLengths()).containsExactly(0, 2);
  }

  @Test
  void aSoftPromptOfAllRowsThatCannotBeReadFailsTheQuery() {
    for (String options : List.of("", ", seed => id")) {
      assertThatThrownBy(
              () ->
                  spark
                      .sql(
                          filled(
                              "SELECT try_generate_from_embeds(embeds, soft_prompt => '$narrow', $model"
                                  + options
                                  + ") FROM prompts"))
                      .collect())
          .hasStackTraceContaining("token_dim is 3, but the hidden size of the model is 4");
    }
  }

  @Test
  void namesAreThoseOfTheTimeOfAnalysis() {
    var generated =
        spark.sql(
            filled(
                "SELECT generate_from_embeds(array(1f, 2f, 3f, 4f), soft_prompt => 'pirate', $model)"));
    spark.conf().unset(NAMED);

    assertThat(generated.collectAsList().get(0).get(0))
        .isEqualTo(text(soft(), new float[] {1, 2, 3, 4}));
  }
}
