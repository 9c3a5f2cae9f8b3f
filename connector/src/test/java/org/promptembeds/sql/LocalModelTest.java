package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.testing.SoftPrompts;
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
  void partsOfTextAnswerAsTheChatDoes() {
    String json =
        """
        [{"text": "<|user|>"}, {"text": "Please tell me about the capital of France."},
         {"text": "<|end|>"}, {"text": "<|assistant|>"}]
        """;
    String chat =
        "'[{\"role\": \"user\", \"content\": \"Please tell me about the capital of France.\"}]'";

    String parts = answer("from_json('" + json + "', 'array<struct<text string>>')", "");

    assertThat(parts)
        .contains("Paris")
        .isEqualTo(answer("embed_chat(" + chat + ", model => '" + MODEL + "')", ""));
  }

  @Test
  void aSoftPromptAnswersAsItsEmbeddingsDo(@TempDir Path adapter) throws IOException {
    SoftPrompts.write(adapter, "P_TUNING", 3, hiddenSize());
    String model = ", model => '" + MODEL + "')";
    String chat =
        "embed_prompt('<|user|>Where is bigger, the moon or the sun?<|end|><|assistant|>'" + model;
    String soft = "soft_prompt('" + adapter + "'" + model;

    for (String sampling : List.of("", ", temperature => 1.5, seed => 7")) {
      assertThat(answer(chat, ", soft_prompt => '" + adapter + "'" + sampling))
          .isEqualTo(answer("concat_embeds(" + soft + ", " + chat + model, sampling));
    }

    String detail =
        "SELECT generate_from_embeds_detail(%s, logprobs => 0, soft_prompt => %s" + model;
    Row without = spark.sql(detail.formatted(chat, "NULL")).head().getStruct(0);
    Row with = spark.sql(detail.formatted(chat, "'" + adapter + "'")).head().getStruct(0);
    assertThat(with.<Integer>getAs("prompt_tokens"))
        .isEqualTo(without.<Integer>getAs("prompt_tokens") + 3);
    assertThat(with.<Object>getAs("logprobs")).isNotEqualTo(without.<Object>getAs("logprobs"));
  }

  @Test
  void tokensOfPromptsAreToldOf() {
    String call =
        "SELECT generate_text_detail('The capital of France is', max_tokens => 1, prompt_logprobs => 2,"
            + " logprob_token_ids => array(5, 9), model => '"
            + MODEL
            + "')";
    Row detail = spark.sql(call).head().getStruct(0);

    List<Row> prompt = detail.getList(detail.fieldIndex("prompt_logprobs"));
    assertThat(prompt).hasSize(detail.<Integer>getAs("prompt_tokens")).hasSizeGreaterThan(2);
    assertThat(prompt.get(0)).isNull();
    for (Row token : prompt.subList(1, prompt.size())) {
      List<Row> top = token.getList(token.fieldIndex("top"));
      assertThat(top).hasSize(2);
      assertThat(token.<Integer>getAs("rank")).isPositive();
      assertThat(token.<Float>getAs("logprob"))
          .isLessThanOrEqualTo(top.get(0).<Float>getAs("logprob"));
      assertThat(token.<Integer>getAs("rank") == 1)
          .isEqualTo(
              token.<Integer>getAs("token_id").equals(top.get(0).<Integer>getAs("token_id")));
    }

    Row output = detail.<Row>getList(detail.fieldIndex("logprobs")).get(0);
    assertThat(output.<Row>getList(output.fieldIndex("top")))
        .extracting(candidate -> candidate.<Integer>getAs("token_id"))
        .containsExactly(5, 9);
  }

  private String answer(String prompt, String options) {
    return spark
        .sql(
            "SELECT generate_from_embeds("
                + prompt
                + ", max_tokens => 24"
                + options
                + ", model => '"
                + MODEL
                + "')")
        .head()
        .getString(0);
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
    return org.promptembeds.model.ModelDirectory.open(Path.of(MODEL)).spec().hiddenSize();
  }
}
