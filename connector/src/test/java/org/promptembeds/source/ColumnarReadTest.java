package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.source.Safetensors.counting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorColumn;

/** Drives the reader of a task by hand, as an operator that takes whole tensors does. */
class ColumnarReadTest {
  private final Path dir;

  ColumnarReadTest(@TempDir Path dir) {
    this.dir = dir;
  }

  private PromptEmbedsReader reader(Path file, long batchBytes, Configuration configuration)
      throws IOException {
    ReadSettings settings =
        new ReadSettings(
            TensorSchema.COLUMNS,
            ParseMode.FAILFAST,
            "error",
            "embeds",
            0,
            batchBytes,
            List.of(),
            Integer.MAX_VALUE);
    FileVersion version =
        new FileVersion(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    FileSlice slice =
        new FileSlice(
            file.toUri().toString(), FileFormat.SAFETENSORS, 0, version.byteCount(), version);
    return new PromptEmbedsReader(List.of(slice), settings, configuration);
  }

  private Path file() throws IOException {
    return new Safetensors()
        .addCounting("a", 0, 2, 4) // 32 bytes
        .add("b", Tensor.ofFloats(counting(8, 8), 2, 4).convert(DType.BFLOAT16)) // 16
        .addCounting("c", 16, 1, 4) // 16
        .addCounting("d", 20, 25, 4) // 400
        .addCounting("e", 120, 1, 4)
        .write(dir.resolve("x.safetensors"));
  }

  @Test
  void batchesAreBoundedInBytesAndGiveWholeTensors() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    try (PromptEmbedsReader reader = reader(file(), 64, new Configuration())) {
      while (reader.next()) {
        ColumnarBatch batch = reader.get();
        TensorColumn column = (TensorColumn) batch.column(1);
        sizes.add(batch.numRows());
        for (int row = 0; row < batch.numRows(); row++) {
          Tensor tensor = Objects.requireNonNull(column.tensor(row));
          assertThat(batch.column(1).getArray(row).toFloatArray()).isEqualTo(tensor.toFloats());
          assertThat(batch.getRow(row).getArray(1).toFloatArray()).isEqualTo(tensor.toFloats());
          tensors.add(tensor);
        }
      }
    }

    assertThat(sizes).containsExactly(3, 1, 1);
    // INVARIANT: tensors outlive their batch, their reader and what becomes of the file.
    assertThat(tensors.get(0).data().isDirect()).isFalse();
    assertThat(tensors.get(1).dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(tensors.get(1).toFloats()).isEqualTo(counting(8, 8));
    assertThat(tensors.get(3).toFloats()).isEqualTo(counting(20, 100));
    assertThat(tensors.get(3).shape()).containsExactly(25, 4);
  }

  @Test
  void filesOfOtherFileSystemsAreReadByRange() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    configuration.set("fs.file.impl.disable.cache", "true");
    List<String> names = new ArrayList<>();
    try (PromptEmbedsReader reader = reader(file(), 1 << 20, configuration)) {
      while (reader.next()) {
        for (int row = 0; row < reader.get().numRows(); row++) {
          names.add(reader.get().column(0).getUTF8String(row).toString());
          Tensor tensor =
              Objects.requireNonNull(((TensorColumn) reader.get().column(1)).tensor(row));
          assertThat(tensor.data().isDirect()).isFalse();
        }
      }
    }

    assertThat(names).containsExactly("a", "b", "c", "d", "e");
  }
}
