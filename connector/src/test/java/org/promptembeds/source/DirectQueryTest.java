package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.testing.TestSpark;

/** {@code FROM `prompt-embeds`.`path`}: what it reads is what the reader of the format does. */
class DirectQueryTest {
  private static final String FILE =
      Path.of("..", "examples", "data", "chats.safetensors")
          .toAbsolutePath()
          .normalize()
          .toString();

  private static final String TABLE = "`prompt-embeds`.`" + FILE + "`";

  private final SparkSession spark = TestSpark.session();

  private List<Row> sql(String query) {
    return spark.sql(query).collectAsList();
  }

  @Test
  void queriesNameFilesWhereTheyNameTables() {
    List<Row> expected =
        spark
            .read()
            .format("prompt-embeds")
            .load(FILE)
            .selectExpr("name", "seq_len")
            .where("seq_len > 20")
            .orderBy("name")
            .collectAsList();

    assertThat(expected).isNotEmpty();
    for (String query :
        List.of(
            "SELECT t.name, seq_len FROM %s AS t WHERE seq_len > 20 ORDER BY name",
            "WITH t AS (SELECT * FROM %s) SELECT name, seq_len FROM t WHERE seq_len > 20 ORDER BY name",
            "SELECT a.name, b.seq_len FROM %1$s a JOIN %1$s b ON a.name = b.name WHERE b.seq_len > 20"
                + " ORDER BY a.name",
            "SELECT name, seq_len FROM %1$s WHERE name IN (SELECT name FROM %1$s WHERE seq_len > 20)"
                + " ORDER BY name")) {
      assertThat(sql(query.formatted(TABLE.replace("prompt-embeds", "Prompt-Embeds"))))
          .isEqualTo(expected);
    }
  }

  @Test
  void viewsAndTablesAreMadeOfThem(@TempDir Path folder) {
    sql("CREATE OR REPLACE TEMPORARY VIEW direct AS SELECT name FROM " + TABLE + " LIMIT 3");
    assertThat(sql("SELECT * FROM direct")).hasSize(3);
    String target = folder.resolve("names").toString();
    sql(
        "INSERT OVERWRITE DIRECTORY '"
            + target
            + "' USING parquet SELECT name FROM "
            + TABLE
            + " LIMIT 4");
    assertThat(spark.read().parquet(target).count()).isEqualTo(4);
  }

  @Test
  void optionsGoWithTheTable() {
    assertThat(
            sql("SELECT * FROM " + TABLE + " WITH (`mode` = 'permissive') LIMIT 1").get(0).size())
        .isEqualTo(6);
  }

  @Test
  void aPathThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> sql("SELECT * FROM `prompt-embeds`.`/no/such.safetensors`"))
        .hasMessageContaining("no file, directory or pattern match at path /no/such.safetensors");
  }
}
