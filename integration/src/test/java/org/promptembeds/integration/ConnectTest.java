package org.promptembeds.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client of Spark Connect, this JVM, that knows nothing of the connector; the bundle is with the
 * server, whose executors are processes of their own. Each test is a session.
 */
class ConnectTest {
  private static final String SERVICE = "Spark Connect server started at: ";

  @TempDir private static Path folder;

  private static SparkCluster cluster;
  private static SparkProcess server;
  private static String address;

  private SparkSession spark;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    cluster = SparkCluster.start(folder.resolve("cluster"));
    server =
        cluster.submit(
            "org.apache.spark.sql.connect.service.SparkConnectServer",
            "spark-internal",
            List.of(
                "spark.connect.grpc.binding.address=127.0.0.1",
                "spark.connect.grpc.binding.port=0",
                "spark.sql.extensions=org.promptembeds.sql.PromptEmbedsExtensions",
                "spark.promptembeds.model=" + Build.example("models/tiny-chat")),
            List.of());
    String line = server.awaitLine(SERVICE);
    address = line.substring(line.indexOf(SERVICE) + SERVICE.length()).strip();
  }

  @AfterAll
  static void stopServer() {
    server.close();
    cluster.close();
  }

  @BeforeEach
  void startSession() {
    spark = SparkSession.builder().remote("sc://" + address).create();
    spark
        .read()
        .parquet(Build.example("data/chats.parquet"))
        .filter("id IN ('chat-0001', 'chat-0003')")
        .createOrReplaceTempView("prompts");
  }

  @AfterEach
  void stopSession() throws IOException {
    spark.close();
  }

  private static void assertAnswers(Dataset<Row> answers) {
    assertThat(answers.orderBy("id").collectAsList())
        .containsExactly(
            RowFactory.create("chat-0001", Answers.FRANCE),
            RowFactory.create("chat-0003", Answers.SUN));
  }

  @Test
  void theQueryOfTheReadme() {
    assertAnswers(spark.sql("SELECT id, generate_from_embeds(embeds) AS answer FROM prompts"));
  }

  @Test
  void namedArgumentsAndDetail() {
    Row row =
        spark
            .sql(
                "SELECT g.finish_reason, g.completion_tokens, g.error, g.text FROM (SELECT"
                    + " generate_from_embeds_detail(embeds, max_tokens => 3, temperature => 0.7,"
                    + " seed => 42) AS g FROM prompts) LIMIT 1")
            .head();

    assertThat(row.getString(0)).isEqualTo("length");
    assertThat(row.getInt(1)).isEqualTo(3);
    assertThat(row.isNullAt(2)).isTrue();
    assertThat(row.getString(3)).isNotEmpty();
  }

  @Test
  void theDataFrameApiCallsFunctionsByName() {
    assertAnswers(
        spark
            .table("prompts")
            .select(
                functions.col("id"),
                functions.call_function("generate_from_embeds", functions.col("embeds"))));
    assertAnswers(
        spark
            .table("prompts")
            .select(
                functions.col("id"),
                functions.expr("try_generate_from_embeds(embeds, max_tokens => 64)")));
  }

  @Test
  void outputsOfASchemaAreTypedColumns() {
    List<Row> rows =
        spark
            .sql(
                "SELECT generate_from_embeds(embeds, max_tokens => 60,"
                    + " schema => 'sure BOOLEAN, word STRING') AS g,"
                    + " generate_from_embeds(embeds, regex => '[a-f]{2,4}-[0-9]') AS code"
                    + " FROM prompts")
            .collectAsList();

    assertThat(rows).hasSize(2);
    for (Row row : rows) {
      assertThat(row.getStruct(0).schema().fieldNames()).containsExactly("sure", "word");
      assertThat(row.getStruct(0).get(0)).isIn(true, false);
      assertThat(row.getString(1)).matches("[a-f]{2,4}-[0-9]");
    }
  }

  @Test
  void aViewGeneratesWhenItIsRead() {
    spark
        .sql("SELECT id, generate_from_embeds(embeds) AS answer FROM prompts")
        .createOrReplaceTempView("answers");

    assertAnswers(spark.table("answers"));
  }

  @Test
  void plansShowTheOperator() {
    String plan =
        spark
            .sql(
                "EXPLAIN FORMATTED SELECT generate_from_embeds(embeds, max_tokens => 9) FROM prompts")
            .head()
            .getString(0);

    assertThat(plan).contains("GenerateFromEmbeds", "max_tokens => 9", "tiny-chat");
  }

  @Test
  void badArgumentsAreAnalysisErrors() {
    assertThatThrownBy(
            () ->
                spark
                    .sql("SELECT generate_from_embeds(embeds, max_token => 9) FROM prompts")
                    .schema())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("unknown argument 'max_token'; did you mean 'max_tokens'?");
  }

  @Test
  void tensorFilesAreTables() {
    Dataset<Row> prompts =
        spark.read().format("prompt-embeds").load(Build.example("data/chats.safetensors"));

    assertAnswers(
        prompts
            .filter("name IN ('chat-0001', 'chat-0003')")
            .selectExpr("name AS id", "generate_from_embeds(embeds) AS answer"));
  }
}
