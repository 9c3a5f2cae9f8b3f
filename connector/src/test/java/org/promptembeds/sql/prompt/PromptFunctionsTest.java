package org.promptembeds.sql.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.testing.SoftPrompts;
import org.promptembeds.testing.TestSpark;

/** The functions that make token ids and prompt embeddings, over the example model. */
class PromptFunctionsTest {
  private static final Path MODEL =
      Path.of("..", "examples", "models", "tiny-chat").toAbsolutePath().normalize();
  private static final String QUESTION = "Please tell me about the capital of France.";
  private static final String CHAT = "<|user|>" + QUESTION + "<|end|>";

  private final SparkSession spark = TestSpark.session();

  private Row only(String select) {
    List<Row> rows =
        spark.sql("SELECT " + select.replace("$model", "model => '" + MODEL + "'")).collectAsList();
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private List<?> list(String expression) {
    return only(expression).getList(0);
  }

  private static List<Integer> ids(String text) {
    try (PromptEmbedder embedder = PromptEmbedder.open(MODEL)) {
      return Arrays.stream(embedder.tokenIds(text, true)).boxed().toList();
    }
  }

  @Test
  void tokenIdsAreTheTokenizers() {
    assertThat(list("token_ids('" + QUESTION + "', $model)")).isEqualTo(ids(QUESTION));
  }

  @Test
  void embeddingsOfTextAndOfItsTokensAreTheTables() {
    List<?> embeds = list("embed_prompt('" + QUESTION + "', $model)");

    try (PromptEmbedder embedder = PromptEmbedder.open(MODEL)) {
      float[] expected = embedder.embedText(QUESTION).toFloats();
      assertThat(embeds).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(embeds.get(i)).isEqualTo(expected[i]);
      }
    }

    assertThat(list("embed_tokens(token_ids('" + QUESTION + "', $model), $model)"))
        .isEqualTo(embeds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(named_struct('role', 'user', 'content', '%s'))",
        "array(named_struct('content', '%s', 'name', CAST(NULL AS string), 'role', 'user'))",
        "array(map('role', 'user', 'content', '%s'))",
        "'[{\"role\": \"user\", \"content\": \"%s\"}]'"
      })
  void chatsComeInSeveralTypes(String messages) {
    String chat = messages.formatted(QUESTION);

    assertThat(list("embed_chat(" + chat + ", $model)"))
        .isEqualTo(list("embed_prompt('" + CHAT + "<|assistant|>', $model)"));
    assertThat(list("embed_chat(" + chat + ", add_generation_prompt => false, $model)"))
        .isEqualTo(list("embed_prompt('" + CHAT + "', $model)"));
  }

  @Test
  void theTemplateSeesToolsDocumentsAndVariables(@TempDir Path directory) throws IOException {
    Path model = directory.resolve("model");
    Files.createDirectory(model);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(MODEL, "*.{json,safetensors}")) {
      for (Path file : files) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }

    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{{ tools[0].name }} {{ documents | length }} {{ style }} {{ deep.a[1] }} {{ messages[0].x is defined }}");
    String arguments =
        "model => '"
            + model
            + "', tools => '[{\"name\": \"clock\"}]', documents => array(map('a', 'b'), map('c', 'd')),"
            + " variables => named_struct('style', 'brief', 'deep', named_struct('a', array(1, 2)))";

    assertThat(
            list(
                "embed_chat(array(named_struct('role', 'user', 'x', CAST(NULL AS int))), "
                    + arguments
                    + ")"))
        .isEqualTo(list("embed_prompt('clock 2 brief 2 False', $model)"));
  }

  @Test
  void nullGivesNull() {
    assertThat(
            only(
                "token_ids(CAST(NULL AS string), $model), embed_prompt(NULL || '', $model),"
                    + " embed_chat(CAST(NULL AS array<struct<role: string>>), $model),"
                    + " embed_tokens(NULL, $model)"))
        .matches(row -> IntStream.range(0, 4).allMatch(row::isNullAt));
  }

  @Test
  void columnsOfManyRowsInAnyPlace() {
    String query =
        "SELECT max(size(token_ids(concat('number ', id), $model))) AS longest, count(*) AS n FROM"
            + " range(50) WHERE size(embed_prompt(string(id), $model)) > 0 GROUP BY"
            + " size(token_ids(string(id % 7), $model)) ORDER BY max(token_ids(string(id), $model))";
    List<Row> rows = spark.sql(query.replace("$model", "model => '" + MODEL + "'")).collectAsList();

    assertThat(rows.stream().mapToLong(row -> row.getLong(1)).sum()).isEqualTo(50);
  }

  @Test
  void aModelAnswersAChat() {
    String text =
        only("generate_from_embeds(embed_chat(array(named_struct('role', 'user', 'content', '"
                + QUESTION
                + "')), $model), max_tokens => 24, $model)")
            .getString(0);

    assertThat(text).contains("Paris");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token_ids(5, $model) | text must be a string, got INT",
        "embed_chat('[]', tool => '', $model) | unknown argument 'tool'; did you mean 'tools'?",
        "embed_prompt(string(id), model => string(id)) | model must be a constant string",
        "embed_prompt(model => 'x') | the first argument is missing: embed_prompt(text[, model => ...])",
        "embed_tokens(array('a'), $model) | token_ids must be an array of integers",
        "embed_chat(array(1), $model) | messages must be an array of structs or maps",
        "embed_prompt('a', text => 'b', $model) | argument 'text' is given twice",
        "concat_embeds('a', 1.5, $model) | part must be embeddings",
        "concat_embeds($model) | the first argument is missing: concat_embeds(part, ...[, model => ...])",
        "soft_prompt(1, $model) | path must be a string, got INT",
        "embed_chat('[]', add_generation_prompt => 1, $model) | add_generation_prompt must be true or false"
      })
  void wrongArgumentsAreRefusedBeforeAJobRuns(String call, String reason) {
    String query =
        "SELECT " + call.replace("$model", "model => '" + MODEL + "'") + " FROM range(1)";

    assertThatThrownBy(() -> spark.sql(query))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embed_tokens(array(1, -4), $model) | token id -4 at position 1 is not one",
        "embed_tokens(array(1, NULL), $model) | token id null at position 1 is not one",
        "embed_tokens(array(99999999), $model) | token id 99999999 at position 0 is not in the embedding table",
        "concat_embeds('a', array(float(1)), $model) | concat_embeds: part 2: a flat array must hold whole positions: 1 values are not a multiple of the hidden size 192",
        "concat_embeds(array(array(float(1))), $model) | part 1: embeddings have positions of 1 values, but the model's hidden size is 192",
        "concat_embeds(array(1, -1), $model) | token id -1 at position 1 is not one",
        "embed_chat('{', $model) | messages is not JSON",
        "embed_chat('[1]', $model) | message 0 must be a dictionary",
        "embed_chat('[{\"role\": \"user\"}]', variables => '[]', $model) | variables must be a dictionary"
      })
  void rowsAtFaultFailOrGiveNull(String call, String reason) {
    assertThatThrownBy(() -> only(call)).hasStackTraceContaining(reason);
    assertThat(only("try_" + call).isNullAt(0)).isTrue();
  }

  @Test
  void partsAreConcatenatedWhateverTheirTypes() {
    String ids = "token_ids('of France.', $model)";
    String embeds = "embed_tokens(" + ids + ", $model)";
    String nested = "array(slice(" + embeds + ", 1, 192))";
    List<?> all =
        list("concat_embeds('<|user|>', " + ids + ", " + embeds + ", " + nested + ", '', $model)");

    List<Object> expected = new ArrayList<>(list("embed_tokens(array(" + user() + "), $model)"));
    expected.addAll(list(embeds));
    expected.addAll(list(embeds));
    expected.addAll(list("slice(" + embeds + ", 1, 192)"));
    assertThat(all).isEqualTo(expected);
  }

  private int user() {
    return ids("<|user|>").get(ids("<|user|>").size() - 1);
  }

  @Test
  void aNullPartGivesNull() {
    assertThat(only("concat_embeds('a', CAST(NULL AS array<float>), $model)").isNullAt(0)).isTrue();
  }

  @Test
  void theNameOfAColumnOfPartsIsTheCall() {
    String call = "concat_embeds(question, model => '" + MODEL + "')";

    assertThat(spark.sql("SELECT " + call + " FROM VALUES ('a') AS t(question)").columns()[0])
        .isEqualTo("concat_embeds(question)");
  }

  @Test
  void aSoftPromptStandsBeforeAChat(@TempDir Path directory) throws IOException {
    SoftPrompts.write(directory, "PROMPT_TUNING", 2, 192);
    String soft = "soft_prompt('" + directory + "', $model)";
    String chat = "embed_chat('[{\"role\": \"user\", \"content\": \"Hello\"}]', $model)";
    List<Object> expected = new ArrayList<>(list(soft));
    expected.addAll(list(chat));

    assertThat(list(soft)).hasSize(2 * 192);
    assertThat(list(soft).get(5)).isEqualTo(SoftPrompts.value(5));
    assertThat(list("concat_embeds(" + soft + ", " + chat + ", $model)")).isEqualTo(expected);
    assertThat(
            only("generate_from_embeds(concat_embeds("
                    + soft
                    + ", "
                    + chat
                    + ", $model), max_tokens => 4, $model)")
                .getString(0))
        .isNotNull();
  }

  @Test
  void aMissingSoftPromptIsNamed() {
    assertThatThrownBy(() -> only("soft_prompt('/no/such/adapter', $model)"))
        .hasStackTraceContaining("soft prompt directory /no/such/adapter does not exist on host");
  }

  @Test
  void aMissingModelIsNamed() {
    assertThatThrownBy(() -> only("embed_prompt('a', model => '/no/such/model')"))
        .hasStackTraceContaining("model directory /no/such/model does not exist on host");
    assertThatThrownBy(() -> only("embed_prompt('a', model => 'no-name')"))
        .hasStackTraceContaining(
            "nor is a model of that name configured as spark.promptembeds.models.no-name");
  }

  @Test
  void aTextThatNoContextHoldsIsARowAtFault() {
    String text = "repeat('!?;:', 6000000)";
    assertThat(
            only("try_embed_prompt(%s, $model) IS NULL AND try_concat_embeds(%s, $model) IS NULL"
                    .formatted(text, text))
                .getBoolean(0))
        .isTrue();
    assertThatThrownBy(() -> only("embed_prompt(%s, $model)".formatted(text)))
        .hasStackTraceContaining(
            "a text of 24,000,000 characters is more than the 512 tokens of the model's context");
  }

  @Test
  void stopStringsOutOfBoundsAreARowAtFault() {
    String call =
        "try_generate_from_embeds(embed_prompt('Hi', $model), $model, max_tokens => 1, stop => %s)";
    assertThat(only(call.formatted("array_repeat('a', 17)") + " IS NULL").getBoolean(0)).isTrue();
    assertThat(only(call.formatted("array_repeat('a', 16)") + " IS NULL").getBoolean(0)).isFalse();
  }

  @Test
  void aTokenizerThatEndsProcessesIsAnError(@TempDir Path directory) throws IOException {
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(MODEL.resolve(name), directory.resolve(name));
    }

    String json = Files.readString(MODEL.resolve("tokenizer.json"));
    Files.writeString(
        directory.resolve("tokenizer.json"),
        json.replaceFirst(
            "\"post_processor\": ?null",
            "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\":"
                + " [{\"SpecialToken\": {\"id\": \"x\", \"type_id\": 0}}], \"pair\": [],"
                + " \"special_tokens\": {}}"));
    assertThatThrownBy(() -> only("embed_prompt('a', model => '" + directory + "')"))
        .hasStackTraceContaining("post_processor puts the token 'x' around texts");
  }
}
