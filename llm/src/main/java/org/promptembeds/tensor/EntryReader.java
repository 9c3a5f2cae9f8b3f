package org.promptembeds.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.promptembeds.tensor.TensorFile.Entry;

/** Reads and maps the tensors of a file that lie in it one after another, row by row. */
final class EntryReader {
  private EntryReader() {}

  static Tensor read(ByteSource source, Entry entry) throws IOException {
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

  static void read(ByteSource source, Entry entry, long byteOffset, ByteBuffer target)
      throws IOException {
    Objects.checkFromIndexSize(byteOffset, (long) target.remaining(), entry.byteCount());
    source.read(entry.offset() + byteOffset, target);
  }

  static ByteBuffer map(ByteSource source, Entry entry, long byteOffset, int length)
      throws IOException {
    Objects.checkFromIndexSize(byteOffset, (long) length, entry.byteCount());
    return source.map(entry.offset() + byteOffset, length);
  }
}
