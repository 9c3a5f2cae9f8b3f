package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.source.Safetensors.counting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

@ExtendWith(LocalSpark.class)
class SafetensorsReadTest {
  private final Path dir;
  private final SparkSession spark;

  SafetensorsReadTest(@TempDir Path dir, SparkSession spark) {
    this.dir = dir;
    this.spark = spark;
  }

  private Dataset<Row> read(Path path) {
    return spark.read().format("prompt-embeds").load(path.toString());
  }

  private static List<Float> floats(int first, int count) {
    float[] values = counting(first, count);
    return IntStream.range(0, count).mapToObj(i -> values[i]).toList();
  }

  @Test
  void everyTensorIsARowInTheOrderOfTheFile() throws IOException {
    Path file =
        new Safetensors()
            .addCounting("z", 0, 2, 3)
            .addCounting("a", 6, 1, 3)
            .addCounting("m", 9, 4, 3)
            .write(dir.resolve("three.safetensors"));

    Dataset<Row> rows = read(file);

    assertThat(rows.schema())
        .isEqualTo(
            new StructType()
                .add("name", DataTypes.StringType)
                .add("embeds", DataTypes.createArrayType(DataTypes.FloatType, false))
                .add("seq_len", DataTypes.IntegerType)
                .add("hidden_size", DataTypes.IntegerType)
                .add("path", DataTypes.StringType));
    String path = file.toUri().toString().replace("file:///", "file:/");
    assertThat(rows.collectAsList().stream().map(SafetensorsReadTest::values).toList())
        .containsExactly(
            List.of("z", floats(0, 6), 2, 3, path),
            List.of("a", floats(6, 3), 1, 3, path),
            List.of("m", floats(9, 12), 4, 3, path));
  }

  private static List<Object> values(Row row) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> i == 1 ? row.getList(i) : row.get(i))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void everyFloatingPointTypeIsReadAsFloat(DType dtype) throws IOException {
    Tensor tensor = Tensor.ofFloats(new float[] {1.5f, -2, 0, 0.25f}, 2, 2).convert(dtype);
    Path file = new Safetensors().add("t", tensor).write(dir.resolve("t.safetensors"));

    assertThat(read(file).first().<Float>getList(1)).containsExactly(1.5f, -2f, 0f, 0.25f);
  }

  @Test
  void directoriesAreReadWithTheirSubdirectoriesAndWithoutWhatIsHidden() throws IOException {
    new Safetensors().addCounting("b", 0, 1, 2).write(dir.resolve("b.safetensors"));
    new Safetensors().addCounting("a", 0, 1, 2).write(dir.resolve("a/deep/x.safetensors"));
    new Safetensors().addCounting("no", 0, 1, 2).write(dir.resolve("_temporary/x.safetensors"));
    new Safetensors().addCounting("no", 0, 1, 2).write(dir.resolve(".x.safetensors"));
    Files.writeString(dir.resolve("README.md"), "not data");

    assertThat(names(read(dir))).containsExactly("a", "b");
    assertThat(names(read(dir.resolve("*.safetensors")))).containsExactly("b");
    assertThat(
            names(
                spark
                    .read()
                    .format("prompt-embeds")
                    .load(dir.resolve("b*").toString(), dir.resolve("a").toString())))
        .containsExactly("b", "a");
  }

  @ParameterizedTest
  @ValueSource(longs = {64, 250, 1000, 5000, 1 << 20})
  void anySplitGivesTheSameRowsInTheSameOrder(long splitBytes) throws IOException {
    Safetensors tensors = new Safetensors();
    for (int i = 0; i < 40; i++) {
      tensors.addCounting("t" + i, i, i % 5, 8); // some are empty
    }

    tensors.add("empty", Tensor.ofFloats(new float[0], 0, 8));
    Path file = tensors.write(dir.resolve("many.safetensors"));

    Dataset<Row> rows =
        spark
            .read()
            .format("prompt-embeds")
            .option("splitBytes", splitBytes)
            .option("batchBytes", 200)
            .load(file.toString());

    List<Row> all = rows.collectAsList();
    assertThat(all).hasSize(41);
    for (int i = 0; i < 40; i++) {
      assertThat(all.get(i).getString(0)).isEqualTo("t" + i);
      assertThat(all.get(i).<Float>getList(1)).isEqualTo(floats(i, i % 5 * 8));
    }

    assertThat(all.get(40).getString(0)).isEqualTo("empty");
    assertThat(rows.rdd().getNumPartitions()).isEqualTo(partitions(file, splitBytes));
  }

  private static int partitions(Path file, long splitBytes) throws IOException {
    return (int) ((Files.size(file) + splitBytes - 1) / splitBytes);
  }

  @Test
  void rowsThatAreConvertedEqualColumnsThatAreNot() throws IOException {
    Path file =
        new Safetensors()
            .addCounting("a", 1, 3, 4)
            .add("b", Tensor.ofFloats(counting(7, 8), 2, 4).convert(DType.BFLOAT16))
            .write(dir.resolve("x.safetensors"));
    read(file).createOrReplaceTempView("embeds_view");

    List<Row> sums =
        spark
            .sql(
                "SELECT name, aggregate(embeds, 0d, (s, x) -> s + x) AS total, embeds[3] AS x,"
                    + " size(embeds) AS n FROM embeds_view ORDER BY name DESC")
            .collectAsList();

    assertThat(sums.toString()).isEqualTo("[[b,84.0,10.0,8], [a,78.0,4.0,12]]");
  }

  @Test
  void planShowsWhatIsPushedDown() throws IOException {
    new Safetensors()
        .addCounting("a1", 0, 1, 2)
        .addCounting("b1", 2, 1, 2)
        .addCounting("a2", 4, 1, 2)
        .write(dir.resolve("x.safetensors"));
    new Safetensors().addCounting("a3", 0, 1, 2).write(dir.resolve("y.safetensors"));

    Dataset<Row> onName = read(dir).where("name LIKE 'a%' AND path LIKE 'file:%'").select("name");
    assertThat(names(onName)).containsExactly("a1", "a2", "a3");
    assertThat(names(read(dir).where("name IN ('b1', 'a3', 'none')"))).containsExactly("b1", "a3");
    assertThat(names(read(dir).limit(2))).containsExactly("a1", "b1");
    assertThat(read(dir).count()).isEqualTo(4);
    assertThat(onName.queryExecution().executedPlan().toString())
        .contains("Prefix[prefix=a]", "Prefix[prefix=file:]")
        .doesNotContain("embeds#");
    assertThat(read(dir).limit(2).queryExecution().executedPlan().toString()).contains("limit 2");
    assertThat(read(dir).queryExecution().optimizedPlan().stats().rowCount().get().toString())
        .isEqualTo("4");
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(
            () ->
                spark
                    .read()
                    .format("prompt-embeds")
                    .option("batchByte", "1")
                    .option("mode", "lenient")
                    .load(dir.toString()))
        .hasMessageContaining(
            "unknown option of data source prompt-embeds 'batchByte'; did you mean 'batchBytes'?")
        .hasMessageContaining(
            "mode must be one of failfast, permissive, dropmalformed, got 'lenient'");
    assertThatThrownBy(() -> read(dir.resolve("nowhere")))
        .hasMessageContaining("no file, directory or pattern match at path " + dir + "/nowhere");
    assertThatThrownBy(() -> read(dir)).hasMessageContaining("no file to read at " + dir);
  }

  private static List<String> names(Dataset<Row> rows) {
    return rows.select("name").collectAsList().stream().map(row -> row.getString(0)).toList();
  }
}
