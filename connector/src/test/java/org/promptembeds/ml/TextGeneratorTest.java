package org.promptembeds.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.testing.FakeModel;
import org.promptembeds.testing.TestSpark;

/** The transformer over texts and chats, which answers as {@code generate_text} does. */
class TextGeneratorTest {
  @TempDir private static Path model;

  @TempDir private Path folder;

  @BeforeAll
  static void writeModel() throws IOException {
    FakeModel.write(model);
    Files.writeString(
        model.resolve("chat_template.jinja"),
        """
        {{ style }} {{ (tools or [{'name': 'no tool'}])[0].name }}
        {% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}
        {% if add_generation_prompt %}<|assistant|>{% endif %}""");
  }

  private static Dataset<Row> chats() {
    return TestSpark.session()
        .sql(
            """
            SELECT id, concat('What is ', id, '?') AS question,
              array(named_struct('role', 'user', 'content', concat('What is ', id, '?'))) AS messages,
              array(named_struct('name', concat('tool', id))) AS functions
            FROM range(3)""");
  }

  private static EmbedsTextGenerator generator(String column) {
    return new EmbedsTextGenerator()
        .setPromptCol(column)
        .setOutputCol("answer")
        .setModelUrl(model.toString());
  }

  private static Object answers(Dataset<Row> answered) {
    return answered.orderBy("id").select("answer").collectAsList();
  }

  private static Object sql(String call) {
    return answers(chats().selectExpr("id", "%s, model => '%s') AS answer".formatted(call, model)));
  }

  @Test
  void textsAreAnswered() {
    assertThat(answers(generator("question").setMaxTokens(9).transform(chats())))
        .isEqualTo(sql("generate_text(question, max_tokens => 9"));
  }

  @Test
  void chatsHaveToolsAndVariablesAndAreSaved() throws IOException {
    EmbedsTextGenerator generator =
        generator("messages")
            .setPromptInputCol("tools", "functions")
            .setVariables("{\"style\": \"brief\"}")
            .setAddGenerationPrompt(false)
            .setOutputMode("detail");
    String path = folder.resolve("pipeline").toString();
    PipelineModel saved = new Pipeline().setStages(new PipelineStage[] {generator}).fit(chats());
    saved.write().overwrite().save(path);

    assertThat(answers(PipelineModel.load(path).transform(chats())))
        .isEqualTo(
            sql(
                "generate_text_detail(messages, tools => functions, add_generation_prompt => false,"
                    + " variables => '{\"style\": \"brief\"}'"));
  }

  @Test
  void aRowAtFaultIsKept() {
    Dataset<Row> single = chats().selectExpr("id", "messages[0] AS messages");
    Dataset<Row> torn = chats().selectExpr("id", "array(messages[0], messages[1]) AS messages");

    assertThatThrownBy(() -> generator("messages").transform(single))
        .hasMessageContaining(
            "promptCol 'messages' must be a text, or a chat: an array of structs");
    assertThatThrownBy(() -> generator("messages").transform(torn).collectAsList())
        .hasStackTraceContaining("message 1 must be a dictionary, got NULL");
    assertThat(
            generator("messages")
                .setHandleInvalid("keep")
                .transform(torn)
                .where("answer IS NULL")
                .count())
        .isEqualTo(3);
  }

  @Test
  void whatHasNoPlaceBesideTextsIsRefused() {
    EmbedsTextGenerator generator =
        generator("question")
            .setInputCol("functions")
            .setPositionIdsCol("id")
            .setHiddenSize(4)
            .setOutputCol("answer");

    assertThatThrownBy(() -> generator.transform(chats()))
        .hasMessageContaining("inputCol and promptCol are two prompts: clear one of them")
        .hasMessageContaining("unknown argument 'hidden_size'")
        .hasMessageContaining("positionIdsCol has no place beside promptCol");
    assertThatThrownBy(
            () ->
                new EmbedsTextGenerator()
                    .setInputCol("embeds")
                    .setOutputCol("answer")
                    .setPromptInputCol("tools", "id")
                    .transform(TestSpark.session().table("prompts")))
        .hasMessageContaining("toolsCol has no place beside inputCol");
  }
}
