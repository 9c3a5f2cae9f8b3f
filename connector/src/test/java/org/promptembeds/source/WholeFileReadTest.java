package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

@ExtendWith(LocalSpark.class)
class WholeFileReadTest {
  private static final Tensor TENSOR = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

  @Test
  void torchAndNpyFilesAreRowsNamedByTheFile(@TempDir Path dir, SparkSession spark)
      throws IOException {
    Files.write(dir.resolve("a.pt"), TorchFormat.write(TENSOR));
    Files.write(dir.resolve("b.c.npy"), NpyFormat.write(TENSOR));
    Files.writeString(dir.resolve("d.bin"), "not torch");

    List<Row> rows =
        spark
            .read()
            .format("prompt-embeds")
            .option("mode", "permissive")
            .load(dir.toString())
            .drop("path")
            .collectAsList();

    assertThat(rows.toString().replace("ArraySeq", ""))
        .startsWith(
            "[[a,(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),2,3,null],"
                + " [b.c,(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),2,3,null], [null,null,null,null,file:");
    assertThat(rows).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.pt", "a.npy", "a.safetensors"})
  void aLeadingDimensionOfOneIsDropped(String name, @TempDir Path dir, SparkSession spark)
      throws IOException {
    Tensor tensor = Tensor.of(DType.FLOAT32, TENSOR.data(), 1, 2, 3);
    Path file = dir.resolve(name);
    if (name.endsWith("pt")) {
      Files.write(file, TorchFormat.write(tensor));
    } else if (name.endsWith("npy")) {
      Files.write(file, NpyFormat.write(tensor));
    } else {
      new Safetensors().add("a", tensor).write(file);
    }

    List<Row> rows =
        spark.read().format("prompt-embeds").load(file.toString()).drop("path").collectAsList();

    assertThat(rows.toString().replace("ArraySeq", ""))
        .isEqualTo("[[a,(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),2,3]]");
  }

  @Test
  void aFileThatTorchDidNotSaveSoSaysWhatItIs(@TempDir Path dir, SparkSession spark)
      throws IOException {
    for (String name : List.of("legacy.pt", "shell.pkl", "text.bin")) {
      Path hostile = Path.of("../llm/src/test/resources/hostile", name);
      Files.copy(hostile, dir.resolve(name.replace(".pkl", ".pt")));
    }

    List<String> errors =
        spark
            .read()
            .format("prompt-embeds")
            .option("mode", "permissive")
            .load(dir.toString())
            .orderBy("path")
            .select("error")
            .as(Encoders.STRING())
            .collectAsList();

    assertThat(errors.get(0))
        .endsWith(
            "legacy.pt: the format of torch.save before PyTorch 1.6: load it with PyTorch and save"
                + " it again with torch.save, without _use_new_zipfile_serialization=False");
    assertThat(errors.get(1)).contains("shell.pt: a bare pickle, which torch.save did not write");
    assertThat(errors.get(2))
        .endsWith(
            "text.bin: not a file of torch.save: 10 bytes that begin with 65 6d 62 65 64 64 69 6e");
  }
}
