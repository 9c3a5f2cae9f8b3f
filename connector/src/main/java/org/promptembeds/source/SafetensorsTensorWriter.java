package org.promptembeds.source;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.promptembeds.tensor.SafetensorsWriter;

/**
 * Writes rows as the tensors of a safetensors file. The header comes first and needs all of them,
 * so they are gathered in a temporary directory of this machine.
 */
final class SafetensorsTensorWriter implements TensorFileWriter {
  private final FileSystem fileSystem;
  private final Path target;
  private final NamedTensors tensors;
  private final java.nio.file.Path directory;
  private final java.nio.file.Path file;
  private final SafetensorsWriter writer;

  SafetensorsTensorWriter(WriteSettings settings, FileSystem fileSystem, Path target)
      throws IOException {
    this.fileSystem = fileSystem;
    this.target = target;
    this.tensors = new NamedTensors(settings);
    this.directory = Files.createTempDirectory("prompt-embeds-");
    this.file = directory.resolve("part.safetensors");
    this.writer = SafetensorsWriter.create(file, Map.of("format", "pt"));
  }

  @Override
  public void write(InternalRow row) throws IOException {
    NamedTensors.Named named = tensors.read(row);
    writer.add(named.name(), named.tensor());
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
