package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files that pyarrow wrote: see {@code src/test/reference/generate_arrow.py}. */
@ExtendWith(LocalSpark.class)
class ArrowReadTest {
  private final Path dir;
  private final SparkSession spark;

  ArrowReadTest(@TempDir Path dir, SparkSession spark) {
    this.dir = dir;
    this.spark = spark;
  }

  private static String fixture(String name) {
    return Objects.requireNonNull(ArrowReadTest.class.getResource("/arrow/" + name)).toString();
  }

  private Dataset<Row> read(String name) {
    return spark.read().format("prompt-embeds").load(fixture(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list.arrow",
        "list-stream.arrows",
        "list-double.ipc",
        "large-list-lz4.feather",
        "nested.arrow",
        "nested-zstd.arrow",
        "half.arrow",
        "nested-fixed.arrow",
        "nested-sliced.arrow"
      })
  void everyListTypeIsRead(String name) {
    Dataset<Row> rows = read(name);

    assertThat(rows.schema().simpleString())
        .isEqualTo(
            "struct<name:string,embeds:array<float>,seq_len:int,hidden_size:int,path:string,"
                + "id:bigint,question:string>");
    assertThat(rows.drop("path").collectAsList().toString().replaceAll("(Mutable)?ArraySeq", ""))
        .isEqualTo(
            "[[a,(1.0, 2.0, 3.0, 4.0),2,2,10,why?], [b,(5.0, 6.0),1,2,20,null],"
                + " [c,null,null,null,30,how?]]");
    assertThat(rows.select("id", "seq_len").where("name <> 'a'").collectAsList().toString())
        .isEqualTo("[[20,1], [30,null]]");
    assertThat(rows.count()).isEqualTo(3);
  }

  @Test
  void shapeComesFromMetadataOrFromTheOption() {
    assertThat(shapes(read("fixed-half.arrow")))
        .isEqualTo("[[null,(1.0, 2.0, 3.0, 4.0),2,2], [null,(5.0, 6.0, 7.0, 8.0),2,2]]");
    assertThat(shapes(read("fixed-float.arrow")))
        .isEqualTo(
            "[[null,(1.0, 2.0, 3.0, 4.0),null,null], [null,(5.0, 6.0, 7.0, 8.0),null,null]]");
    assertThat(shapes(withHiddenSize(4)))
        .isEqualTo("[[null,(1.0, 2.0, 3.0, 4.0),1,4], [null,(5.0, 6.0, 7.0, 8.0),1,4]]");
    assertThatThrownBy(() -> withHiddenSize(3).collectAsList())
        .hasMessageContaining("row 0: 4 elements are not seq_len null x hidden_size 3");
  }

  private Dataset<Row> withHiddenSize(int hiddenSize) {
    return spark
        .read()
        .format("prompt-embeds")
        .option("hiddenSize", hiddenSize)
        .load(fixture("fixed-float.arrow"));
  }

  private static String shapes(Dataset<Row> rows) {
    return rows.select("name", "embeds", "seq_len", "hidden_size")
        .collectAsList()
        .toString()
        .replace("ArraySeq", "");
  }

  @Test
  void malformedRowsAreTreatedAsTheModeSays() {
    assertThatThrownBy(() -> read("malformed.arrow").collectAsList())
        .hasMessageContaining(
            "malformed.arrow: tensor \"ragged\": vectors differ in length: vector 0 has 1"
                + " elements, vector 1 has 2");

    List<Row> dropped = mode("DROPMALFORMED", fixture("malformed.arrow")).collectAsList();
    assertThat(dropped.stream().map(row -> row.getString(0) + row.getLong(1)))
        .containsExactly("good1", "fine5");

    List<Row> rows =
        mode("PERMISSIVE", fixture("malformed.arrow"))
            .select("name", "error", "id")
            .collectAsList();
    assertThat(rows.get(0).isNullAt(1)).isTrue();
    assertThat(rows.get(1).getString(1)).contains("vectors differ in length");
    assertThat(rows.get(2).getString(1)).contains("vector 1 is NULL");
    assertThat(rows.get(3).getString(1)).contains("element 1 is NULL");
    assertThat(rows.get(4).toString()).isEqualTo("[fine,null,5]");
  }

  private Dataset<Row> mode(String mode, String path) {
    return spark
        .read()
        .format("prompt-embeds")
        .option("mode", mode)
        .load(path)
        .select("name", "id", "embeds", mode.equals("PERMISSIVE") ? "error" : "path");
  }

  /** Any damage gives an error in its mode's way: no crash, and no wrong number of rows. */
  @ParameterizedTest
  @ValueSource(strings = {"list.arrow", "list-stream.arrows", "nested-zstd.arrow"})
  void damagedFilesAreMalformed(String name) throws Exception {
    byte[] whole = Files.readAllBytes(Path.of(URI.create(fixture(name))));
    Random random = new Random(7);
    for (int i = 0; i < 150; i++) {
      byte[] damaged = Arrays.copyOf(whole, i < 50 ? whole.length * i / 50 : whole.length);
      for (int hit = 0; i >= 50 && hit < 3; hit++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }

      Files.write(dir.resolve("%03d-%s".formatted(i, name)), damaged);
    }

    assertThat(permissive().select("name", "embeds").collectAsList()).hasSizeGreaterThan(50);
  }

  private Dataset<Row> permissive() {
    return spark.read().format("prompt-embeds").option("mode", "PERMISSIVE").load(dir.toString());
  }

  @Test
  void truncatedFilesSaySo() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of(URI.create(fixture("list.arrow"))));
    Path cut = dir.resolve("cut.arrow");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 9));

    assertThatThrownBy(
            () -> spark.read().format("prompt-embeds").load(cut.toString()).collectAsList())
        .hasMessageContaining("cut.arrow: not a valid Arrow file or stream: it is truncated");
  }

  /** Also where the embeddings' own column is of a type that Spark does not know. */
  @ParameterizedTest
  @ValueSource(strings = {"FAILFAST", "PERMISSIVE", "DROPMALFORMED"})
  void aColumnOfAnotherNameIsNamed(String mode) {
    for (String name : List.of("list.arrow", "nested-fixed.arrow")) {
      assertThatThrownBy(
              () ->
                  spark
                      .read()
                      .format("prompt-embeds")
                      .option("mode", mode)
                      .option("embedsColumn", "vectors")
                      .load(fixture(name)))
          .hasMessageContaining(name + ": there is no column vectors, only [id, name, embeds,")
          .hasMessageContaining("set option embedsColumn");
    }
  }

  @Test
  void columnsWithoutATypeInSparkAreRefusedOrLeftOut() {
    assertThatThrownBy(() -> read("dictionary.arrow"))
        .hasMessageContaining("column tag (tag: Utf8[dictionary: 0]) has no type in Spark");

    Dataset<Row> rows =
        spark
            .read()
            .format("prompt-embeds")
            .option("mode", "PERMISSIVE")
            .load(fixture("dictionary.arrow"));
    assertThat(rows.select("id", "embeds", "error").collectAsList().toString())
        .isEqualTo("[[7,ArraySeq(1.0, 2.0),null]]");
    assertThat(rows.columns()).doesNotContain("tag");
  }
}
