package org.promptembeds.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SaveMode;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/** Where {@code embed} writes: one file, or a folder with a file per partition. */
sealed interface EmbedOutput {
  /** Writes the rows, in their order. */
  void write(Dataset<ChatRow> rows) throws IOException;

  /** Whether a path's name promises nothing else than what is written: not Arrow, for instance. */
  static boolean isWritten(Path path) {
    String name = path.toString();
    return name.endsWith(".safetensors")
        || name.endsWith(".parquet")
        || InputFormat.ofName(name).isEmpty();
  }

  /**
   * The output that a path's name asks for.
   *
   * @param model its hidden size and type are those of the tensors
   */
  static EmbedOutput of(Path path, ModelDirectory model) {
    String name = path.toString();
    if (name.endsWith(".safetensors")) {
      return new TensorsFile(path, model.config().hiddenSize(), model.checkpointDtype());
    }

    return name.endsWith(".parquet") ? new ParquetFile(path) : new ParquetFolder(path);
  }

  /** A folder of Parquet files with few rows in a row group, so that readers need little memory. */
  record ParquetFolder(Path path) implements EmbedOutput {
    private static final int ROW_GROUP_BYTES = 16 << 20;

    @Override
    public void write(Dataset<ChatRow> rows) {
      rows.select("id", "embeds", "question")
          .write()
          .option("compression", "zstd")
          .option("parquet.block.size", ROW_GROUP_BYTES)
          .option("parquet.page.size.row.check.min", 1)
          .mode(SaveMode.Overwrite)
          .parquet(path.toString());
    }
  }

  /** One Parquet file, written by one task in a folder beside it and moved into place. */
  record ParquetFile(Path path) implements EmbedOutput {
    @Override
    public void write(Dataset<ChatRow> rows) throws IOException {
      Path folder = path.toAbsolutePath().resolveSibling("." + UUID.randomUUID());
      try {
        new ParquetFolder(folder).write(rows.coalesce(1));
        Files.move(part(folder), path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        delete(folder);
      }
    }

    private static Path part(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
      }
    }

    private static void delete(Path folder) throws IOException {
      if (!Files.exists(folder)) {
        return;
      }

      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }

      Files.delete(folder);
    }
  }

  /** One safetensors file with a tensor per row, written by the driver as rows arrive. */
  record TensorsFile(Path path, int hiddenSize, DType dtype) implements EmbedOutput {
    @Override
    public void write(Dataset<ChatRow> rows) throws IOException {
      try (SafetensorsWriter writer = SafetensorsWriter.create(path, Map.of())) {
        for (Iterator<ChatRow> i = rows.toLocalIterator(); i.hasNext(); ) {
          ChatRow row = i.next();
          float[] embeds = row.getEmbeds();
          writer.add(
              row.getId(),
              Tensor.ofFloats(embeds, embeds.length / hiddenSize, hiddenSize).convert(dtype));
        }

        writer.commit();
      }
    }
  }
}
