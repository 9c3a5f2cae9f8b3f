package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open file of {@code torch.save} with a dict of tensors, such as {@code pytorch_model.bin}: its
 * pickle is in memory, its tensors are read or mapped where they lie.
 */
public final class TorchFile implements TensorFile {
  private static final int LEADING_BYTES = 32;

  private final ByteSource source;
  private final Map<String, Entry> byName;

  private TorchFile(ByteSource source, Map<String, Entry> byName) {
    this.source = source;
    this.byName = byName;
  }

  /**
   * Opens a file and checks all of it but the numbers; nothing in it is run.
   *
   * @throws TensorFormatException if it is malformed, or holds anything besides dense tensors
   * @throws IOException if the file cannot be read
   */
  public static TorchFile open(Path path) throws IOException {
    ByteSource source = ByteSource.ofFile(path);
    try {
      return new TorchFile(source, entries(source));
    } catch (IOException | RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private static Map<String, Entry> entries(ByteSource source) throws IOException {
    int leading = (int) Math.min(LEADING_BYTES, source.byteCount());
    TorchFormat.requireArchive(source.name(), source.read(0, leading));
    TorchArchive archive = TorchArchive.open(source);
    if (!(archive.value() instanceof Map<?, ?> dict)) {
      throw new TensorFormatException(
          source.name(), "holds no dict of tensors: save the model's state_dict()");
    }

    Map<String, Entry> entries = new LinkedHashMap<>();
    dict.forEach(
        (name, value) -> entries.put(name.toString(), archive.entry(name.toString(), value)));
    return entries;
  }

  @Override
  public List<Entry> entries() {
    return List.copyOf(byName.values());
  }

  @Override
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(byName.get(name));
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
    return "TorchFile[" + source.name() + "]";
  }
}
