package org.promptembeds.jobs.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SaveMode;
import org.promptembeds.source.PromptEmbedsSource;

/** Where {@code embed} writes: one file, or a folder with a file per partition. */
public sealed interface EmbedOutput {
  /** Writes the rows, in their order. */
  void write(Dataset<ChatRow> rows) throws IOException;

  /**
   * An output of a format: a file if the path's name promises one, and a folder otherwise.
   *
   * @param type of the elements, but for Parquet's, which are float32
   */
  static EmbedOutput of(Path path, EmbedFormat format, int hiddenSize, EmbedType type) {
    boolean isFile = EmbedFormat.ofName(path).isPresent();
    Path folder = isFile ? path.resolveSibling("." + UUID.randomUUID()) : path;
    EmbedOutput files =
        switch (format) {
          case PARQUET -> new ParquetFolder(folder);
          case ARROW, SAFETENSORS, PT -> new TensorsFolder(folder, format, hiddenSize, type);
          case JSONL -> new LinesFolder(folder, hiddenSize, type);
        };
    return isFile ? new OneFile(path, folder, files) : files;
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

  /** A folder of files that the data source {@code prompt-embeds} writes. */
  record TensorsFolder(Path path, EmbedFormat format, int hiddenSize, EmbedType type)
      implements EmbedOutput {
    @Override
    public void write(Dataset<ChatRow> rows) {
      String[] columns =
          format == EmbedFormat.ARROW
              ? new String[] {"id AS name", "embeds", "question"}
              : new String[] {"id AS name", "embeds"};
      rows.selectExpr(columns)
          .write()
          .format(PromptEmbedsSource.NAME)
          .option("fileFormat", format.sourceName())
          .option("dtype", type.optionName())
          .option("hiddenSize", hiddenSize)
          .mode(SaveMode.Overwrite)
          .save(path.toString());
    }
  }

  /** A folder of lines of JSON, with tensors as {@code prompt_embeds} of requests have them. */
  record LinesFolder(Path path, int hiddenSize, EmbedType type) implements EmbedOutput {
    @Override
    public void write(Dataset<ChatRow> rows) {
      String tensor =
          "to_base64_tensor(embeds, hidden_size => %d, dtype => '%s') AS prompt_embeds"
              .formatted(hiddenSize, type.optionName());
      rows.selectExpr("id", tensor, "question")
          .write()
          .mode(SaveMode.Overwrite)
          .json(path.toString());
    }
  }

  /**
   * One file, written by one task in a folder beside it and moved into place.
   *
   * @param files output to the folder
   */
  record OneFile(Path path, Path folder, EmbedOutput files) implements EmbedOutput {
    private static final Pattern PART = Pattern.compile("part-.*");

    @Override
    public void write(Dataset<ChatRow> rows) throws IOException {
      try {
        files.write(rows.coalesce(1));
        Files.move(part(), path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        delete(folder);
      }
    }

    private Path part() throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .filter(file -> PART.matcher(String.valueOf(file.getFileName())).matches())
            .findFirst()
            .orElseThrow();
      }
    }

    private static void delete(Path folder) throws IOException {
      if (!Files.exists(folder)) {
        return;
      }

      try (Stream<Path> below = Files.walk(folder)) {
        for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
