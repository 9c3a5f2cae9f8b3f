package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.junit.jupiter.api.Test;

/** The command {@code sql} as it is called. */
class SqlTest {
  private static final Queue<String> DESCRIPTIONS = new ConcurrentLinkedQueue<>();

  /** Keeps what Spark's UI calls the queries. */
  public static final class Descriptions extends SparkListener {
    @Override
    public void onOtherEvent(SparkListenerEvent event) {
      if (event instanceof SparkListenerSQLExecutionStart start) {
        DESCRIPTIONS.add(start.description());
      }
    }
  }

  private static CommandLineRun sql(String... arguments) {
    List<String> all = new ArrayList<>(List.of("sql", "--master", "local[1]"));
    all.addAll(Arrays.asList(arguments));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  @Test
  void statementsAndScriptsRunInTheirOrder() {
    CommandLineRun run =
        sql(
            "--format",
            "csv",
            "-e",
            "SELECT 1 AS a /* b /* c; */ AS c */; BEGIN SELECT 2 AS x; SELECT r'\\' AS y; END; SELECT 3 AS z");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines()).containsExactly("a", "1", "y", "\\", "z", "3");
  }

  @Test
  void csvQuotesWhatItMustAndHasNestedValuesAsJson() {
    CommandLineRun run =
        sql(
            "--format",
            "csv",
            "-e",
            "SELECT 'a,\"b\"' AS `x.y`, '' AS x, NULL AS x, array(1, 2) AS l, map('k', 0.5D) AS m,"
                + " X'00ff' AS b, true AS t");

    assertThat(run.out().lines())
        .containsExactly(
            "x.y,x,x,l,m,b,t", "\"a,\"\"b\"\"\",\"\",,\"[1,2]\",\"{\"\"k\"\":0.5}\",AP8=,true");
  }

  @Test
  void jsonIsAnObjectPerRow() {
    CommandLineRun run =
        sql("--format", "json", "-e", "SELECT id, IF(id = 0, NULL, 'é') AS `a.b` FROM range(3)");

    assertThat(run.out().lines())
        .containsExactly(
            "{\"id\":0,\"a.b\":null}", "{\"id\":1,\"a.b\":\"é\"}", "{\"id\":2,\"a.b\":\"é\"}");
  }

  @Test
  void maxRowsBoundsEveryFormat() {
    CommandLineRun run =
        sql("--format", "json", "--max-rows", "2", "-e", "SELECT id FROM range(5)");

    assertThat(run.out().lines()).containsExactly("{\"id\":0}", "{\"id\":1}");
  }

  @Test
  void aMinusIsTheStandardInput() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("SELECT 'ü' AS a".getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(sql("--format", "csv", "-f", "-").out().lines()).containsExactly("a", "ü");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void tablesLieInATemporaryFolder() {
    CommandLineRun run =
        sql(
            "--format",
            "csv",
            "-e",
            "CREATE TABLE t AS SELECT 7 AS a; SELECT _metadata.file_path AS path FROM t");

    assertThat(run.status()).as(run.err()).isZero();
    String file = run.out().lines().skip(1).findFirst().orElseThrow();
    assertThat(Path.of(URI.create(file))).startsWith(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(file).contains("/prompt-embeds-warehouse-");
  }

  @Test
  void queriesAreDescribedByTheirSql() {
    String query = "SELECT count(*) AS n FROM range(7)";
    CommandLineRun run =
        sql("--conf", "spark.extraListeners=" + Descriptions.class.getName(), "-e", query);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(DESCRIPTIONS).isNotEmpty().containsOnly(query);
  }
}
