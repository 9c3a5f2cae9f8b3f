package org.promptembeds.model.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.promptembeds.generation.BackendException;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;
import org.promptembeds.tensor.TensorFormatException;
import org.promptembeds.tensor.TorchFile;

/** The open tensors of an adapter, found by name. */
final class AdapterFile implements AutoCloseable {
  private static final String SAFETENSORS = "adapter_model.safetensors";
  private static final String TORCH = "adapter_model.bin";

  private final Path path;
  private final TensorFile file;

  private AdapterFile(Path path, TensorFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens {@code adapter_model.safetensors}, or else {@code adapter_model.bin}.
   *
   * @throws BackendException if neither is there, or it is malformed
   */
  static AdapterFile open(Path directory) {
    Path torch = directory.resolve(TORCH);
    Path path = directory.resolve(SAFETENSORS);
    try {
      return !Files.exists(path) && Files.exists(torch)
          ? new AdapterFile(torch, TorchFile.open(torch))
          : new AdapterFile(path, SafetensorsFile.open(path));
    } catch (IOException | TensorFormatException e) {
      throw new BackendException(
          "%s cannot be read: %s; save the adapter with PEFT's save_pretrained"
              .formatted(path, e instanceof IOException ? e.toString() : e.getMessage()),
          e);
    }
  }

  List<TensorFile.Entry> entries() {
    return file.entries();
  }

  /**
   * The elements of a matrix, row after row.
   *
   * @throws BackendException if it is not there any more, or cannot be read
   */
  float[] read(String name, int rows, int columns) {
    try {
      TensorFile.Entry entry =
          file.find(name)
              .orElseThrow(() -> new BackendException("%s has no %s now".formatted(path, name)));
      Tensor tensor = file.read(entry);
      if (tensor.rank() != 2 || tensor.size(0) != rows || tensor.size(1) != columns) {
        throw new BackendException(
            "%s: %s is not [%d, %d] any more".formatted(path, name, rows, columns));
      }

      return tensor.toFloats();
    } catch (IOException | TensorFormatException e) {
      throw new BackendException(
          "%s: %s cannot be read: %s".formatted(path, name, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // A file that was only read loses nothing when closing fails.
    }
  }
}
