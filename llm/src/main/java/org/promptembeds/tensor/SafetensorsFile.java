package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An open safetensors file: its header is in memory, its tensors are read or mapped one by one.
 * Safe for use by many threads.
 *
 * <p>Mapped slices outlive the file's closing, and are unmapped when they are garbage collected. A
 * file that shrinks while it is mapped makes access to the slice fail.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class SafetensorsFile implements AutoCloseable {
  private final ByteSource source;
  private final SafetensorsHeader header;
  private final Map<String, Entry> byName = new HashMap<>();

  /**
   * A tensor in a file.
   *
   * @param name unique in the file
   * @param dtypeName element type as the header spells it, for instance {@code BF16}
   * @param shape sizes of the dimensions
   * @param offset first byte, counted from the start of the file
   * @param byteCount size of the elements
   */
  public record Entry(String name, String dtypeName, long[] shape, long offset, long byteCount) {
    /**
     * Element type.
     *
     * @throws TensorFormatException if elements of this type cannot be read, such as {@code
     *     F8_E4M3}
     */
    public DType dtype() {
      return DType.ofSafetensors(dtypeName)
          .orElseThrow(
              () ->
                  new TensorFormatException(
                      "tensor \"" + Shown.text(name) + "\"",
                      "elements of type %s are not supported, only %s"
                          .formatted(Shown.text(dtypeName), DType.safetensorsNames())));
    }

    /** Whether elements are floating-point numbers that can be read. */
    public boolean isFloat() {
      return DType.ofSafetensors(dtypeName).map(DType::isFloat).orElse(false);
    }
  }

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
  public List<Entry> entries() {
    return header.entries();
  }

  /** The tensor of that name, if there is one. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Free text that the writer left in the header. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Copies a tensor to the heap.
   *
   * @throws TensorFormatException if its type cannot be read, or it is larger than 2 GiB
   */
  public Tensor read(Entry entry) throws IOException {
    DType dtype = entry.dtype();
    if (entry.byteCount() > Integer.MAX_VALUE - 8) {
      throw new TensorFormatException(
          source.name(),
          "tensor \"%s\" has %d bytes and cannot be read at once: map it slice by slice"
              .formatted(Shown.text(entry.name()), entry.byteCount()));
    }

    ByteBuffer data = source.read(entry.offset(), (int) entry.byteCount());
    return Tensor.of(dtype, data, entry.shape());
  }

  /**
   * Maps a part of a tensor's bytes, read-only and little-endian.
   *
   * @param byteOffset counted from the tensor's first byte
   * @param length bytes
   * @throws IndexOutOfBoundsException if the slice is not inside the tensor
   */
  public ByteBuffer map(Entry entry, long byteOffset, int length) throws IOException {
    Objects.checkFromIndexSize(byteOffset, (long) length, entry.byteCount());
    return source.map(entry.offset() + byteOffset, length);
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
