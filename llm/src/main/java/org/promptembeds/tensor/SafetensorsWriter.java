package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a safetensors file one tensor at a time, however many there will be. Bytes are spooled to
 * a temporary file beside the target; {@link #commit} puts the header before them and moves the
 * result into place at once, so that no reader ever sees half a file.
 *
 * <p>Tensors keep the order they came in, except that those of wider types come first, which keeps
 * every tensor aligned. Not safe for use by many threads.
 */
public final class SafetensorsWriter implements AutoCloseable {
  private static final String METADATA = "__metadata__";

  private final Path target;
  private final Path spoolPath;
  private final Path resultPath;
  private final FileChannel spool;
  private final Map<String, String> metadata;
  private final Map<String, Spooled> tensors = new LinkedHashMap<>();

  private record Spooled(
      String typeName, int alignment, long[] shape, long offset, long byteCount) {}

  private SafetensorsWriter(Path target, Map<String, String> metadata) throws IOException {
    this.target = target.toAbsolutePath();
    this.metadata = Map.copyOf(metadata);
    String stem = "." + this.target.getFileName() + "." + UUID.randomUUID();
    spoolPath = this.target.resolveSibling(stem + ".data");
    resultPath = this.target.resolveSibling(stem + ".tmp");
    spool =
        FileChannel.open(
            spoolPath,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /**
   * Starts a file at {@code target}, whose directory must exist.
   *
   * @param metadata free text for the header, for instance {@code format: pt}
   */
  public static SafetensorsWriter create(Path target, Map<String, String> metadata)
      throws IOException {
    return new SafetensorsWriter(target, metadata);
  }

  /**
   * Appends a tensor.
   *
   * @throws IllegalArgumentException if the name is taken or reserved
   */
  public void add(String name, Tensor tensor) throws IOException {
    DType dtype = tensor.dtype();
    add(
        name,
        dtype.safetensorsName(),
        dtype.bytes(),
        tensor.shape(),
        List.of(tensor.data()).iterator());
  }

  /**
   * Appends a tensor of any type, piece by piece.
   *
   * @param typeName as safetensors spells it
   * @param itemBytes bytes of an element
   * @param pieces all bytes of the elements, little-endian
   * @throws IllegalArgumentException if the name is taken or reserved, or the bytes are not those
   *     of the shape
   */
  public void add(
      String name, String typeName, int itemBytes, long[] shape, Iterator<ByteBuffer> pieces)
      throws IOException {
    if (name.equals(METADATA) || tensors.containsKey(name)) {
      throw new IllegalArgumentException(
          "%s: the tensor name \"%s\" is %s"
              .formatted(target, name, name.equals(METADATA) ? "reserved" : "given twice"));
    }

    long offset = spool.position();
    while (pieces.hasNext()) {
      writeFully(spool, pieces.next());
    }

    long bytes = spool.position() - offset;
    if (bytes != Tensor.elementCount(shape) * itemBytes) {
      throw new IllegalArgumentException(
          "%s: the tensor \"%s\" has %d bytes, its shape %s needs %d"
              .formatted(
                  target,
                  name,
                  bytes,
                  Arrays.toString(shape),
                  Tensor.elementCount(shape) * itemBytes));
    }

    tensors.put(name, new Spooled(typeName, itemBytes, shape.clone(), offset, bytes));
  }

  /** Completes the file and moves it into place, over an older one if there is one. */
  public void commit() throws IOException {
    List<Map.Entry<String, Spooled>> ordered =
        tensors.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().alignment()))
            .toList();
    try (FileChannel result =
        FileChannel.open(resultPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(result, header(ordered));
      for (Map.Entry<String, Spooled> entry : ordered) {
        copy(entry.getValue(), result);
      }

      result.force(true);
    }

    Files.move(resultPath, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private ByteBuffer header(List<Map.Entry<String, Spooled>> ordered) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append("\"" + METADATA + "\":{");
      metadata.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              entry -> {
                appendString(json, entry.getKey());
                json.append(':');
                appendString(json, entry.getValue());
                json.append(',');
              });
      json.setCharAt(json.length() - 1, '}');
      json.append(',');
    }

    long offset = 0;
    for (Map.Entry<String, Spooled> entry : ordered) {
      Spooled tensor = entry.getValue();
      appendString(json, entry.getKey());
      json.append(":{\"dtype\":\"").append(tensor.typeName());
      json.append("\",\"shape\":").append(Arrays.toString(tensor.shape()).replace(" ", ""));
      json.append(",\"data_offsets\":[").append(offset).append(',');
      offset += tensor.byteCount();
      json.append(offset).append("]},");
    }

    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }

    return framed(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The header's length and text, padded with spaces so that the data begins at a multiple of 8.
   */
  private ByteBuffer framed(byte[] text) {
    int padded = (text.length + 7) / 8 * 8;
    if (padded > SafetensorsHeader.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "%s: the header has %d bytes, at most %d can be read back: write several files"
              .formatted(target, padded, SafetensorsHeader.MAX_HEADER_BYTES));
    }

    byte[] framed = Arrays.copyOf(text, padded);
    Arrays.fill(framed, text.length, padded, (byte) ' ');
    return ByteBuffer.allocate(Long.BYTES + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded)
        .put(framed)
        .flip();
  }

  private static void appendString(StringBuilder json, String text) {
    json.append('"');
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
              } else if (c < ' ') {
                json.append("\\u%04x".formatted(c));
              } else {
                json.append((char) c);
              }
            });
    json.append('"');
  }

  private void copy(Spooled tensor, FileChannel result) throws IOException {
    long done = 0;
    while (done < tensor.byteCount()) {
      done += spool.transferTo(tensor.offset() + done, tensor.byteCount() - done, result);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Removes the temporary files; what was not committed is lost. */
  @Override
  public void close() throws IOException {
    spool.close();
    Files.deleteIfExists(spoolPath);
    Files.deleteIfExists(resultPath);
  }
}
