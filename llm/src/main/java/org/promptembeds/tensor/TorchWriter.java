package org.promptembeds.tensor;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.promptembeds.tensor.TorchPickleWriter.Stored;

/**
 * Writes a dict of tensors by name as {@code torch.save} does, one tensor at a time, however many
 * there will be. What is written loads with {@code torch.load(weights_only=True)}, once {@link
 * #finish} was called; the stream is the caller's to close.
 */
public final class TorchWriter {
  private static final String ARCHIVE = "archive/";

  private final StoredZipWriter zip;
  private final Map<String, Stored> tensors = new LinkedHashMap<>();

  public TorchWriter(OutputStream target) {
    this.zip = new StoredZipWriter(target);
  }

  /**
   * Appends a tensor.
   *
   * @throws IllegalArgumentException if the name is taken
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void add(String name, Tensor tensor) {
    if (tensors.containsKey(name)) {
      throw new IllegalArgumentException(
          "the tensor name \"%s\" is given twice: each must be another".formatted(name));
    }

    zip.add(ARCHIVE + "data/" + tensors.size(), tensor.data());
    tensors.put(name, Stored.of(tensor));
  }

  /** Completes the archive. */
  public void finish() {
    add(TorchFormat.PICKLE, TorchPickleWriter.pickle(tensors));
    add("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    add("version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip.close();
  }

  private void add(String name, byte[] bytes) {
    zip.add(ARCHIVE + name, ByteBuffer.wrap(bytes));
  }
}
