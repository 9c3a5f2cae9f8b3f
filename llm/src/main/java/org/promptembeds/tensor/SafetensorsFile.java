package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open safetensors file: its header is in memory, its tensors are read or mapped one by one.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class SafetensorsFile implements TensorFile {
  private final ByteSource source;
  private final SafetensorsHeader header;
  private final Map<String, Entry> byName = new HashMap<>();

  private SafetensorsFile(ByteSource source, SafetensorsHeader header) {
    this.source = source;
    this.header = header;
    header.entries().forEach(entry -> byName.put(entry.name(), entry));
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws TensorFormatException if the header is not valid or does not match the file's size
   * @throws IOException if the file cannot be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    return open(ByteSource.ofFile(path));
  }

  /**
   * Reads and checks the header of a file that lies elsewhere; the source is closed with this file,
   * and if opening fails.
   *
   * @throws TensorFormatException if the header is not valid or does not match the file's size
   * @throws IOException if the file cannot be read
   */
  public static SafetensorsFile open(ByteSource source) throws IOException {
    try {
      long fileBytes = source.byteCount();
      if (fileBytes < Long.BYTES) {
        throw new TensorFormatException(
            source.name(),
            "not a safetensors file: it has %d bytes, at least 8 are needed".formatted(fileBytes));
      }

      long field = source.read(0, Long.BYTES).getLong();
      int length = SafetensorsHeader.textLength(source.name(), field, fileBytes);
      ByteBuffer text = source.read(Long.BYTES, length);
      return new SafetensorsFile(source, SafetensorsHeader.parse(source.name(), text, fileBytes));
    } catch (IOException | RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  /** The tensors, in the order of their bytes in the file. */
  @Override
  public List<Entry> entries() {
    return header.entries();
  }

  @Override
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Free text that the writer left in the header. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Tensor read(Entry entry) throws IOException {
    return EntryReader.read(source, entry);
  }

  @Override
  public void read(Entry entry, long byteOffset, ByteBuffer target) throws IOException {
    EntryReader.read(source, entry, byteOffset, target);
  }

  @Override
  public ByteBuffer map(Entry entry, long byteOffset, int length) throws IOException {
    return EntryReader.map(source, entry, byteOffset, length);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  @Override
  public String toString() {
    return "SafetensorsFile[" + source.name() + "]";
  }
}
