package org.promptembeds.source;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/**
 * Writes rows as the tensors of a safetensors file. The header comes first and needs all of them,
 * so they are gathered in a temporary directory of this machine.
 */
final class SafetensorsTensorWriter implements TensorFileWriter {
  private final WriteSettings settings;
  private final FileSystem fileSystem;
  private final Path target;
  private final RowTensors tensors;
  private final java.nio.file.Path directory;
  private final java.nio.file.Path file;
  private final SafetensorsWriter writer;

  SafetensorsTensorWriter(WriteSettings settings, FileSystem fileSystem, Path target)
      throws IOException {
    this.settings = settings;
    this.fileSystem = fileSystem;
    this.target = target;
    this.tensors = new RowTensors(settings.schema(), settings.hiddenSize());
    this.directory = Files.createTempDirectory("prompt-embeds-");
    this.file = directory.resolve("part.safetensors");
    this.writer = SafetensorsWriter.create(file, Map.of("format", "pt"));
  }

  /**
   * Refuses rows that a safetensors file cannot hold.
   *
   * @throws IllegalArgumentException naming what is missing or too much
   */
  static void checkSchema(StructType schema, RowTensors tensors) {
    if (!tensors.hasName() || !tensors.hasShape()) {
      throw new IllegalArgumentException(
          "safetensors files need a column name, and seq_len or hidden_size, nested embeds or option hiddenSize; there are "
              + schema.catalogString());
    }

    List<String> others = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (!TensorSchema.OWN.contains(field.name())) {
        others.add(field.name());
      }
    }

    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "safetensors files hold tensors by name and no other columns: drop %s, or write arrow"
              .formatted(others));
    }
  }

  @Override
  public void write(InternalRow row) throws IOException {
    TensorRow values = tensors.read(row);
    String name = values.name();
    Tensor tensor = values.tensor();
    if (name == null || tensor == null || tensor.rank() != 2) {
      throw new IllegalArgumentException(
          "a tensor in a safetensors file needs a name, elements and a shape, this one has name %s and %s"
              .formatted(name, tensor));
    }

    writer.add(name, tensor.convert(settings.dtype()));
  }

  @Override
  public void finish() throws IOException {
    writer.commit();
    fileSystem.copyFromLocalFile(false, true, new Path(file.toUri()), target);
  }

  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(file);
    Files.deleteIfExists(directory);
  }
}
