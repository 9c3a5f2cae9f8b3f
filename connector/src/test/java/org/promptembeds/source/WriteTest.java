package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalSpark.class)
class WriteTest {
  private final Path dir;
  private final SparkSession spark;

  WriteTest(@TempDir Path dir, SparkSession spark) {
    this.dir = dir.resolve("out");
    this.spark = spark;
  }

  /** Rows of 0 to 4 vectors of 3 halves, which every type holds exactly; in several partitions. */
  private Dataset<Row> rows(int count) {
    return spark
        .range(0, count, 1, 3)
        .selectExpr(
            "concat('n', id) AS name",
            "transform(sequence(1, int(id % 5) * 3), x -> float(x / 2)) AS embeds",
            "int(id % 5) AS seq_len",
            "3 AS hidden_size")
        .where("seq_len > 0");
  }

  private Dataset<Row> read() {
    return spark.read().format("prompt-embeds").load(dir.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "arrow, float32", "arrow, float16", "arrow, bfloat16",
    "safetensors, float32", "safetensors, float16", "safetensors, bfloat16",
    "torch, float32", "torch, float16", "torch, bfloat16"
  })
  void whatIsWrittenIsReadBack(String fileFormat, String dtype) throws IOException {
    String extension = fileFormat.equals("torch") ? "pt" : fileFormat;
    Dataset<Row> rows = rows(50);
    rows.write()
        .format("prompt-embeds")
        .option("fileFormat", fileFormat)
        .option("dtype", dtype)
        .option("batchBytes", 100)
        .save(dir.toString());

    Dataset<Row> back = read();
    assertThat(back.drop("path").collectAsList()).isEqualTo(rows.collectAsList());
    assertThat(files("part-*." + extension)).hasSize(3);
    assertThat(files("_temporary*")).isEmpty();
    assertThat(files("_SUCCESS")).hasSize(1);
  }

  private List<String> files(String glob) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      var matcher = dir.getFileSystem().getPathMatcher("glob:" + glob);
      return files.map(Path::getFileName).filter(matcher::matches).map(Path::toString).toList();
    }
  }

  @Test
  void otherColumnsAndNullsPassThroughArrow() {
    Dataset<Row> rows =
        spark.sql(
            "SELECT * FROM VALUES"
                + " ('a', array(array(1f, 2f), array(3f, 4f)), 7L, map('k', 1), date'2020-01-02'),"
                + " (NULL, array(array(5f, 6f)), NULL, NULL, NULL),"
                + " ('c', NULL, 9L, map(), date'2021-01-02') AS t(name, embeds, id, tags, day)");
    rows.coalesce(1).write().format("prompt-embeds").save(dir.toString());

    assertThat(read().drop("path").collectAsList().toString().replaceAll("(Mutable)?ArraySeq", ""))
        .isEqualTo(
            "[[a,(1.0, 2.0, 3.0, 4.0),2,2,7,Map(k -> 1),2020-01-02],"
                + " [null,(5.0, 6.0),1,2,null,null,null],"
                + " [c,null,null,null,9,Map(),2021-01-02]]");
  }

  @Test
  void saveModesDoWhatTheySay() throws IOException {
    write(rows(5), SaveMode.ErrorIfExists);
    write(rows(5), SaveMode.Append);
    assertThat(read().count()).isEqualTo(8);

    write(read().where("name = 'n1'"), SaveMode.Overwrite); // reads what it replaces
    assertThat(read().select("name").collectAsList().toString()).isEqualTo("[[n1], [n1]]");
    assertThatThrownBy(() -> write(rows(5), SaveMode.ErrorIfExists))
        .hasMessageContaining("Please use either the \"Append\" or \"Overwrite\" mode instead");
    assertThat(read().count()).isEqualTo(2);

    write(rows(0), SaveMode.Overwrite);
    assertThat(read().count()).isZero();
    assertThat(files("part-*")).hasSize(1);
  }

  private void write(Dataset<Row> rows, SaveMode mode) {
    rows.write().format("prompt-embeds").mode(mode).save(dir.toString());
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    Dataset<Row> bad =
        rows(50).selectExpr("name", "embeds", "IF(name = 'n41', 9, seq_len) AS seq_len");

    assertThatThrownBy(() -> write(bad, SaveMode.ErrorIfExists))
        .hasStackTraceContaining(
            "embeds of row n41 cannot be written: 3 elements are not seq_len 9");
    assertThat(dir).doesNotExist();

    write(rows(5), SaveMode.Append);
    assertThatThrownBy(() -> write(bad, SaveMode.Overwrite))
        .hasStackTraceContaining("embeds of row n41 cannot be written");
    assertThat(read().count()).isEqualTo(4);
    assertThat(files("_temporary*")).isEmpty();
  }

  @Test
  void rowsThatAFormatCannotHoldAreRefusedBeforeAJobStarts() {
    assertThatThrownBy(
            () ->
                rows(5)
                    .selectExpr("*", "1 AS id")
                    .write()
                    .format("prompt-embeds")
                    .option("fileFormat", "safetensors")
                    .save(dir.toString()))
        .hasMessageContaining("drop [id], or write arrow");
    assertThatThrownBy(() -> write(rows(5).selectExpr("name"), SaveMode.Append))
        .hasMessageContaining("there is no column embeds to write, only [name]");
    assertThatThrownBy(() -> write(rows(5).selectExpr("'x' AS embeds"), SaveMode.Append))
        .hasMessageContaining("column embeds must be array<float>, array<double> or");
    assertThatThrownBy(
            () ->
                rows(5)
                    .write()
                    .format("prompt-embeds")
                    .option("fileFormat", "npy")
                    .save(dir.toString()))
        .hasMessageContaining("option fileFormat must be arrow, safetensors or torch");
    assertThat(dir).doesNotExist();
  }

  @Test
  void aTableOfTheCatalogIsReadAndInsertedInto() {
    write(rows(5), SaveMode.ErrorIfExists);
    spark.sql("DROP TABLE IF EXISTS embeds_table");
    spark.sql("CREATE TABLE embeds_table USING `prompt-embeds` LOCATION '" + dir.toUri() + "'");
    try {
      assertThat(spark.sql("SELECT name FROM embeds_table").count()).isEqualTo(4);
      spark.sql(
          "INSERT INTO embeds_table SELECT 'new', embeds, seq_len, hidden_size, path"
              + " FROM embeds_table WHERE name = 'n1'");
      assertThat(spark.table("embeds_table").count()).isEqualTo(5);
    } finally {
      spark.sql("DROP TABLE embeds_table");
    }
  }
}
