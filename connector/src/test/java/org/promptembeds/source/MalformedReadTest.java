package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

@ExtendWith(LocalSpark.class)
class MalformedReadTest {
  private final Path dir;
  private final SparkSession spark;

  MalformedReadTest(@TempDir Path dir, SparkSession spark) throws IOException {
    this.dir = dir;
    this.spark = spark;
    new Safetensors()
        .addCounting("good", 0, 2, 2)
        .add("flat", Tensor.ofFloats(new float[] {1, 2}, 2))
        .add("mask", Tensor.of(DType.INT64, ByteBuffer.allocate(16), 1, 2))
        .addCounting("fine", 4, 1, 2)
        .write(dir.resolve("a.safetensors"));
    byte[] whole = new Safetensors().addCounting("cut", 0, 20, 20).bytes();
    Files.write(dir.resolve("b.safetensors"), Arrays.copyOf(whole, whole.length - 100));
    Files.writeString(dir.resolve("c.safetensors"), "");
    new Safetensors().addCounting("last", 0, 1, 2).write(dir.resolve("d.safetensors"));
  }

  private Dataset<Row> read(String mode, Path path) {
    return spark
        .read()
        .format("prompt-embeds")
        .option("mode", mode)
        .option("splitBytes", 500)
        .load(path.toString());
  }

  @Test
  void failfastNamesTheFileAndTheTensor() {
    assertThatThrownBy(() -> read("FAILFAST", dir.resolve("a.safetensors")).collectAsList())
        .hasMessageContaining(
            "a.safetensors: tensor \"flat\" has shape [2], not (seq_len, hidden_size)")
        .hasMessageContaining("DROPMALFORMED");
    assertThatThrownBy(() -> read("FAILFAST", dir.resolve("b.safetensors")).collectAsList())
        .hasMessageContaining("b.safetensors: truncated safetensors file: tensor \"cut\"");
  }

  @Test
  void dropmalformedLeavesOut() {
    assertThat(read("DROPMALFORMED", dir).select("name").collectAsList().toString())
        .isEqualTo("[[good], [fine], [last]]");
  }

  @Test
  void permissiveGivesTheReason() {
    List<Row> rows =
        read("PERMISSIVE", dir).select("name", "embeds", "seq_len", "error").collectAsList();

    assertThat(rows).hasSize(7);
    assertThat(rows.get(0).toString()).startsWith("[good,").endsWith(",2,null]");
    assertThat(rows.get(1).toString()).startsWith("[flat,null,null,").contains("has shape [2]");
    assertThat(rows.get(2).toString()).startsWith("[mask,null,null,").contains("is of type I64");
    assertThat(rows.get(3).toString()).startsWith("[fine,").endsWith(",1,null]");
    assertThat(rows.get(4).toString())
        .startsWith("[null,null,null,")
        .contains("b.safetensors", "truncated");
    assertThat(rows.get(5).toString())
        .startsWith("[null,null,null,")
        .contains("c.safetensors", "0 bytes");
    assertThat(rows.get(6).getString(0)).isEqualTo("last");
  }

  @Test
  void aTensorThatNoneAskedForIsNotAnError() {
    assertThat(read("FAILFAST", dir.resolve("a.safetensors")).where("name = 'fine'").count())
        .isEqualTo(1);
  }
}
