package org.promptembeds.source;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.read.Statistics;
import org.promptembeds.source.FileListing.ListedFile;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.TensorFormatException;

/**
 * Sizes of a scan for Spark's planner. Rows are counted from the headers where that is a few small
 * reads.
 */
record FileStatistics(OptionalLong sizeInBytes, OptionalLong numRows) implements Statistics {
  /** More files than this are not opened on the driver. */
  private static final int MAX_OPENED_FILES = 32;

  /** Roughly what a row has besides its embeddings, in bytes. */
  private static final long ROW_BYTES = 128;

  static FileStatistics of(
      List<ListedFile> files, ReadSettings settings, Configuration configuration) {
    long bytes = files.stream().mapToLong(ListedFile::byteCount).sum();
    OptionalLong rows = countRows(files, configuration);
    if (rows.isPresent() && !settings.wants(TensorSchema.EMBEDS)) {
      bytes = Math.min(bytes, rows.getAsLong() * ROW_BYTES);
    }

    return new FileStatistics(OptionalLong.of(Math.max(1, bytes)), rows);
  }

  private static OptionalLong countRows(List<ListedFile> files, Configuration configuration) {
    if (files.size() > MAX_OPENED_FILES) {
      return OptionalLong.empty();
    }

    long rows = 0;
    for (ListedFile file : files) {
      OptionalLong ofFile = countRows(file, configuration);
      if (ofFile.isEmpty()) {
        return OptionalLong.empty();
      }

      rows += ofFile.getAsLong();
    }

    return OptionalLong.of(rows);
  }

  private static OptionalLong countRows(ListedFile file, Configuration configuration) {
    return switch (file.format()) {
      case SAFETENSORS -> countTensors(file, configuration);
      case NPY -> OptionalLong.of(1);
      case TORCH, ARROW -> OptionalLong.empty();
    };
  }

  private static OptionalLong countTensors(ListedFile file, Configuration configuration) {
    try (SafetensorsFile safetensors =
        SafetensorsFile.open(HadoopByteSource.open(file.path(), file.byteCount(), configuration))) {
      return OptionalLong.of(safetensors.entries().size());
    } catch (IOException | TensorFormatException e) {
      return OptionalLong.empty(); // the task that reads the file reports it, as the mode says
    }
  }
}
