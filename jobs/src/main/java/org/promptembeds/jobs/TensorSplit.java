package org.promptembeds.jobs;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;

/**
 * Neighbouring tensors of one safetensors file, read by one task.
 *
 * @param file absolute path, the same on every executor
 * @param names tensors, in file order
 */
record TensorSplit(String file, List<String> names) implements Serializable {
  TensorSplit {
    names = List.copyOf(names);
  }

  /**
   * Parts a file into runs of tensors of about {@code splitBytes} bytes each.
   *
   * @param entries tensors of the file, in file order
   */
  static List<TensorSplit> of(String file, List<SafetensorsFile.Entry> entries, long splitBytes) {
    List<TensorSplit> splits = new ArrayList<>();
    List<String> names = new ArrayList<>();
    long bytes = 0;
    for (SafetensorsFile.Entry entry : entries) {
      names.add(entry.name());
      bytes += entry.byteCount();
      if (bytes >= splitBytes) {
        splits.add(new TensorSplit(file, names));
        names.clear();
        bytes = 0;
      }
    }

    if (!names.isEmpty()) {
      splits.add(new TensorSplit(file, names));
    }

    return splits;
  }

  /** The rows, each read when it is asked for; the file is closed after the last. */
  Iterator<PromptRow> rows() {
    SafetensorsFile open;
    try {
      open = SafetensorsFile.open(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open %s on this executor".formatted(file), e);
    }

    Iterator<String> name = names.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return name.hasNext();
      }

      @Override
      public PromptRow next() {
        try {
          PromptRow row = row(open, name.next());
          if (!name.hasNext()) {
            open.close();
          }

          return row;
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read " + file, e);
        }
      }
    };
  }

  private static PromptRow row(SafetensorsFile file, String name) throws IOException {
    SafetensorsFile.Entry entry = file.find(name).orElseThrow();
    if (!entry.isFloat() || entry.shape().length != 2) {
      return new PromptRow(
          name,
          null,
          "tensor has type %s and shape %s: prompt embeddings are floating-point and of shape"
                  .formatted(entry.dtypeName(), java.util.Arrays.toString(entry.shape()))
              + " (sequence_length, hidden_size)");
    }

    return new PromptRow(name, matrix(file.read(entry)), null);
  }

  private static float[][] matrix(Tensor tensor) {
    float[] values = tensor.toFloats(); // (sequence_length * hidden_size)
    int hiddenSize = Math.toIntExact(tensor.size(1));
    float[][] rows = new float[Math.toIntExact(tensor.size(0))][hiddenSize];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, i * hiddenSize, rows[i], 0, hiddenSize);
    }

    return rows;
  }
}
