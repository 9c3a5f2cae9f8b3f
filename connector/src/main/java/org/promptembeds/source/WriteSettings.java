package org.promptembeds.source;

import java.io.Serializable;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.options.SourceOptions;
import org.promptembeds.tensor.DType;

/**
 * What the tasks of a write need to know, as plain values.
 *
 * @param schema of the rows
 * @param stagingPath directory for files that are not committed yet
 * @param hiddenSize length of vectors where rows do not say it; 0 if not known
 * @param batchBytes bound of the embeddings in a record batch, unless a single row is larger
 */
record WriteSettings(
    StructType schema,
    FileFormat format,
    DType dtype,
    String stagingPath,
    int hiddenSize,
    long batchBytes)
    implements Serializable {

  /**
   * The settings that options ask for.
   *
   * @throws IllegalArgumentException if the format cannot be written
   */
  static WriteSettings of(SourceOptions options, StructType schema, String stagingPath) {
    return new WriteSettings(
        schema,
        format(options.value(SourceOptions.FILE_FORMAT)),
        dtype(options.value(SourceOptions.DTYPE)),
        stagingPath,
        options.value(SourceOptions.HIDDEN_SIZE),
        options.value(SourceOptions.BATCH_BYTES));
  }

  private static FileFormat format(String name) {
    return switch (name) {
      case "auto", "arrow" -> FileFormat.ARROW;
      case "safetensors" -> FileFormat.SAFETENSORS;
      case "torch" -> FileFormat.TORCH;
      default ->
          throw new IllegalArgumentException(
              "files of format %s cannot be written: option fileFormat must be arrow, safetensors or torch"
                  .formatted(name));
    };
  }

  private static DType dtype(String name) {
    return switch (name) {
      case "float16" -> DType.FLOAT16;
      case "bfloat16" -> DType.BFLOAT16;
      default -> DType.FLOAT32;
    };
  }
}
