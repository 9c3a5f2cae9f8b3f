package org.promptembeds.sql.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.PromptEmbeds;
import org.promptembeds.testing.FakeBackendProvider;
import org.promptembeds.testing.FakeModel;
import org.promptembeds.testing.SoftPrompts;
import org.promptembeds.testing.TestSpark;

/** {@code generate_text} answers as {@code generate_from_embeds} does for the text's embeddings. */
class GenerateTextTest {
  private static final String QUESTION = "Please tell me about the capital of France.";

  @TempDir private static Path directory;

  private final SparkSession spark = TestSpark.session();

  @BeforeAll
  static void writeModel() throws IOException {
    FakeModel.write(directory);
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        """
        {% for tool in tools or [] %}{{ tool.name }} {% endfor %}{{ (documents or []) | length }} {{ style }}
        {% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}
        {% if add_generation_prompt %}<|assistant|>{% endif %}""");
  }

  private List<Row> sql(String select) {
    return spark.sql(select.replace("$model", "model => '" + directory + "'")).collectAsList();
  }

  private Object value(String expression) {
    return sql("SELECT " + expression).get(0).get(0);
  }

  @Test
  void aTextIsAnsweredAsItsEmbeddingsAre() {
    String text = "'<|user|>" + QUESTION + "<|end|><|assistant|>'";

    Object answer = value("generate_text(" + text + ", $model)");

    assertThat(answer)
        .asString()
        .startsWith("sum ")
        .isEqualTo(value("generate_from_embeds(embed_prompt(" + text + ", $model), $model)"));
    assertThat(value("try_generate_text(prompt => " + text + ", $model)")).isEqualTo(answer);
    assertThat(value("generate_text_detail(" + text + ", $model)"))
        .isEqualTo(
            value("generate_from_embeds_detail(embed_prompt(" + text + ", $model), $model)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(named_struct('role', 'user', 'content', '%s'))",
        "array(named_struct('content', '%s', 'name', CAST(NULL AS string), 'role', 'user'))",
        "array(map('role', 'user', 'content', '%s'))"
      })
  void aChatIsAnsweredAsItsEmbeddingsAre(String messages) {
    String chat = messages.formatted(QUESTION);
    String options = ", temperature => 1.2, top_p => 0.9, seed => 3, $model)";

    assertThat(value("generate_text(" + chat + options))
        .isEqualTo(value("generate_from_embeds(embed_chat(" + chat + ", $model)" + options));
  }

  @Test
  void rowsOfTablesHaveOptionsOfTheirOwn(@TempDir Path table) {
    spark
        .sql(
            "SELECT id, array(named_struct('role', 'user', 'content', concat('What is ', id, '?')))"
                + " AS messages, int(id + 1) AS most FROM range(5)")
        .write()
        .parquet(table.resolve("chats").toString());
    String query =
        "SELECT id, %s FROM parquet.`" + table.resolve("chats") + "` WHERE id > 0 ORDER BY id";

    List<Row> answers =
        sql(query.formatted("generate_text_detail(messages, max_tokens => most, $model)"));

    assertThat(answers).hasSize(4);
    assertThat(answers)
        .isEqualTo(
            sql(
                query.formatted(
                    "generate_from_embeds_detail(embed_chat(messages, $model), max_tokens => most,"
                        + " $model)")));
    assertThat(answers.stream().map(row -> row.getStruct(1).<String>getAs("text")))
        .satisfiesExactly(
            text -> assertThat(text).contains("max 2"),
            text -> assertThat(text).contains("max 3"),
            text -> assertThat(text).contains("max 4"),
            text -> assertThat(text).contains("max 5"));
  }

  @Test
  void theTemplateSeesToolsDocumentsAndVariables() {
    String chat = "array(named_struct('role', 'user', 'content', 'x'))";
    String rest = ", max_tokens => 5, $model)";
    String expected = "generate_text('clock 2 style%d\\n<|user|>x<|end|>'" + rest;

    assertThat(
            sql(
                "SELECT generate_text("
                    + chat
                    + ", tools => array(named_struct('name', 'clock')), documents => '[1, 2]',"
                    + " variables => named_struct('style', concat('style', id)),"
                    + " add_generation_prompt => false"
                    + rest
                    + " FROM range(2)"))
        .extracting(row -> row.getString(0))
        .containsExactly(
            (String) value(expected.formatted(0)), (String) value(expected.formatted(1)));
    assertThat(
            value(
                "generate_text("
                    + chat
                    + ", map('tools', '[{\"name\": \"clock\"}]', 'documents', '[1, 2]',"
                    + " 'variables', '{\"style\": \"style0\"}', 'add_generation_prompt', 'false',"
                    + " 'max_tokens', '5', 'model', '"
                    + directory
                    + "'))"))
        .isEqualTo(value(expected.formatted(0)));
  }

  @Test
  void columnsTakeOptionsAndColumns() {
    Map<String, Object> options = Map.of("max_tokens", 5, "model", directory.toString());
    Map<String, Object> chatOptions = new HashMap<>(options);
    chatOptions.put("tools", functions.expr("array(named_struct('name', concat('tool', id)))"));
    Column chat = functions.expr("array(map('role', 'user', 'content', 'x'))");

    Row row =
        spark
            .range(1)
            .select(
                PromptEmbeds.generateText(functions.lit("Hi"), options),
                PromptEmbeds.tryGenerateText(functions.lit(""), options),
                PromptEmbeds.generateTextDetail(chat, chatOptions).getField("text"))
            .head();

    assertThat(row)
        .isEqualTo(
            RowFactory.create(
                value("generate_text('Hi', max_tokens => 5, $model)"),
                null,
                value(
                    "generate_text('tool0 0 \\n<|user|>x<|end|><|assistant|>', max_tokens => 5,"
                        + " $model)")));
  }

  @Test
  void aSoftPromptComesFirst(@TempDir Path adapter) throws IOException {
    SoftPrompts.write(adapter, "P_TUNING", 3, FakeBackendProvider.HIDDEN_SIZE);
    String soft = "soft_prompt => '" + adapter + "', max_tokens => 8, $model)";

    assertThat(value("generate_text('Hello', " + soft))
        .isEqualTo(value("generate_from_embeds(embed_prompt('Hello', $model), " + soft));
  }

  @Test
  void nullGivesNullAndRowsAtFaultDoAsTheFunctionSays() {
    assertThat(value("generate_text(NULL, $model)")).isNull();
    assertThat(value("generate_text(CAST(NULL AS string), $model)")).isNull();
    String bad =
        "array(named_struct('role', 'user', 'content', 'x')), variables => concat('{', id)";
    assertThatThrownBy(() -> sql("SELECT generate_text(" + bad + ", $model) FROM range(1)"))
        .hasStackTraceContaining("variables is not JSON")
        .hasStackTraceContaining("try_generate_text gives NULL for such a row");
    assertThat(sql("SELECT try_generate_text(" + bad + ", $model) FROM range(1)").get(0).get(0))
        .isNull();
    assertThat(
            sql("SELECT generate_text_detail(" + bad + ", $model).error FROM range(1)")
                .get(0)
                .getString(0))
        .contains("row '0 of partition 1, id 0'", "variables is not JSON");
    assertThat(value("try_generate_text('', $model)")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "generate_text(1, $model) | prompt must be a text, or a chat",
        "generate_text(array(1f, 2f), $model) | there is generate_from_embeds",
        "generate_text() | the first argument is missing: generate_text(prompt",
        "generate_text('x', hidden_size => 3, $model) | unknown argument 'hidden_size'",
        "generate_text('x', max_token => 3, $model) | did you mean 'max_tokens'",
        "generate_text('x', variables => '{', $model) | variables is not JSON",
        "generate_text('x', tools => 3, $model) | tools must be JSON text, or an array",
        "generate_text('x', logprobs => 3, $model) | use generate_text_detail",
        "generate_text('x', model => 'http://host:8000/v1#m') | http://host:8000/v1#m is a server",
        "generate_from_embeds(array(1f), tools => '[]', $model) | unknown argument 'tools'"
      })
  void wrongCallsAreRefusedWhenAnalysed(String call, String message) {
    assertThatThrownBy(() -> value(call))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theFunctionsDescribeThemselves() {
    String text =
        sql("DESCRIBE FUNCTION EXTENDED try_generate_text").stream()
            .map(row -> row.getString(0))
            .collect(Collectors.joining("\n"));

    assertThat(text)
        .contains("try_generate_text(prompt[, model => ...", "* tools => ", "* top_p => double")
        .contains("or NULL for a row at fault")
        .doesNotContain("hidden_size");
  }
}
