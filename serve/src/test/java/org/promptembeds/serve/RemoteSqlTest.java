package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SQL whose model is a server: row by row what the same model in the executor gives. */
class RemoteSqlTest {
  private static final int CHATS = 24;
  private static final List<String> GENERATED =
      List.of("text", "token_ids", "finish_reason", "prompt_tokens", "completion_tokens");

  /** As the server runs it. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.promptembeds.device", "cpu",
          "spark.promptembeds.dtype", "float32",
          "spark.promptembeds.kvCacheBytes", "32m",
          "spark.promptembeds.maxSequences", "8",
          "spark.promptembeds.maxStepTokens", "512",
          "spark.promptembeds.cpuThreads", "1");

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .appName("RemoteSqlTest")
            .config("spark.ui.enabled", "false");
    SETTINGS.forEach(builder::config);
    spark = builder.getOrCreate();
    SETTINGS.forEach((key, value) -> spark.conf().set(key, value));
    spark
        .read()
        .parquet(Path.of("..", "examples", "data", "chats.parquet").toString())
        .limit(CHATS)
        .createOrReplaceTempView("chats");
    // Rows at fault beside good ones; all are flat arrays.
    spark
        .sql(
            """
            SELECT id, embeds FROM chats
            UNION ALL SELECT 'ragged', array_repeat(1f, 191)
            UNION ALL SELECT 'nan', array_repeat(float('nan'), 192)
            UNION ALL SELECT 'empty', CAST(array() AS array<float>)
            UNION ALL SELECT 'long', array_repeat(0.5f, 192 * 600)
            UNION ALL SELECT 'null', NULL
            """)
        .createOrReplaceTempView("prompts");
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static List<Row> answers(String function, String options, String model) {
    return spark
        .sql(
            "SELECT id, %s(embeds, model => '%s'%s) FROM prompts ORDER BY id"
                .formatted(function, model, options))
        .collectAsList();
  }

  @Test
  void aServersAnswersAreTheModels() throws InterruptedException {
    try (TinyChatServer server = new TinyChatServer(null)) {
      String remote = server.address() + "#tiny-chat";
      for (String options : List.of("", ", temperature => 1.2, top_k => 20, max_tokens => 12")) {
        assertThat(answers("try_generate_from_embeds", options, remote))
            .hasSize(CHATS + 5)
            .isEqualTo(answers("try_generate_from_embeds", options, TinyChatServer.MODEL));
      }

      List<Row> local =
          answers("generate_from_embeds_detail", ", logprobs => 2", TinyChatServer.MODEL);
      List<Row> there = answers("generate_from_embeds_detail", ", logprobs => 2", remote);
      assertThat(there).hasSameSizeAs(local);
      for (int i = 0; i < local.size(); i++) {
        assertSame(there.get(i), local.get(i));
      }
    }
  }

  /** Batches differ, and so does the last digit. */
  private static void assertClose(List<Row> there, List<Row> local) {
    assertThat(there).hasSameSizeAs(local);
    for (int i = 0; i < local.size(); i++) {
      assertThat(there.get(i).getInt(0)).isEqualTo(local.get(i).getInt(0));
      assertThat(there.get(i).getFloat(1)).isCloseTo(local.get(i).getFloat(1), within(1e-3f));
      assertThat(there.get(i).getList(there.get(i).fieldIndex("top"))).hasSize(2);
    }
  }

  private static List<Row> logprobs(Row generated) {
    return generated.getList(generated.fieldIndex("logprobs"));
  }

  /** All is the same but the wording of errors. */
  private static void assertSame(Row there, Row local) {
    String id = local.getString(0);
    assertThat(there.getString(0)).isEqualTo(id);
    if (local.isNullAt(1)) {
      assertThat(there.isNullAt(1)).as(id).isTrue();
      return;
    }

    String error = local.getStruct(1).getAs("error");
    if (error == null) {
      for (String field : GENERATED) {
        assertThat(there.getStruct(1).<Object>getAs(field))
            .as("%s, %s", id, field)
            .isEqualTo(local.getStruct(1).getAs(field));
      }

      assertClose(logprobs(there.getStruct(1)), logprobs(local.getStruct(1)));
    } else {
      assertThat(there.getStruct(1).<String>getAs("error")).as(id).contains("row '");
      assertThat(there.getStruct(1).<String>getAs("text")).as(id).isNull();
    }
  }

  @Test
  void rowsThatTheServerRefusesFailAlone() {
    FakeBackend backend = new FakeBackend(request -> FakeEncoder.textOf(request.embeds()));
    try (ServerFixture fixture = new ServerFixture(backend)) {
      // A position is a character and one; every third row claims to be of another model.
      List<Row> rows =
          spark
              .sql(
                  """
                  SELECT id, g.text, g.error FROM (
                    SELECT id, generate_from_embeds_detail(
                      flatten(array_repeat(array(float(97 + id), 1f), 3)), model => '%s#tiny',
                      hidden_size => IF(id %% 3 = 0, 3, 2)) AS g FROM range(6)) ORDER BY id
                  """
                      .formatted(fixture.uri("/v1")))
              .collectAsList();

      assertThat(rows)
          .extracting(row -> row.get(1))
          .containsExactly(null, "bbb", "ccc", null, "eee", "fff");
      for (Row row : rows) {
        if (row.getLong(0) % 3 == 0) {
          assertThat(row.getString(2))
              .contains("row '", "prompt_embeds has hidden size 3, the model's is 2");
        } else {
          assertThat(row.isNullAt(2)).isTrue();
        }
      }
    }
  }
}
