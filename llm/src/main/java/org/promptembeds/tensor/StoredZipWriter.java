package org.promptembeds.tensor;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a zip archive of stored members whose data begin at multiples of 64, as PyTorch does. */
final class StoredZipWriter implements AutoCloseable {
  private static final int ALIGNMENT = 64;
  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_BYTES = 4;
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Counted target;
  private final ZipOutputStream zip;

  StoredZipWriter(OutputStream target) {
    this.target = new Counted(target);
    this.zip = new ZipOutputStream(this.target);
  }

  /** Counts the bytes that go to a stream. */
  private static final class Counted extends FilterOutputStream {
    private long count;

    Counted(OutputStream target) {
      super(target);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }

  void add(String name, ByteBuffer data) {
    CRC32 crc = new CRC32();
    crc.update(data.duplicate());
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.remaining());
    entry.setCompressedSize(data.remaining());
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(EPOCH);
    try {
      entry.setExtra(padding(target.count + LOCAL_BYTES + name.length() + EXTRA_BYTES));
      zip.putNextEntry(entry);
      write(data.duplicate());
      zip.closeEntry();
      zip.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An extra field {@code FB}, as PyTorch's, that moves data at {@code start} to the alignment. */
  private static byte[] padding(long start) {
    int bytes = Math.floorMod(-start, ALIGNMENT);
    byte[] extra = new byte[EXTRA_BYTES + bytes];
    byte[] tag = "FB".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer.wrap(extra).put(tag).put((byte) bytes);
    return extra;
  }

  private void write(ByteBuffer data) throws IOException {
    byte[] chunk = new byte[Math.min(data.remaining(), 1 << 16)];
    while (data.hasRemaining()) {
      int length = Math.min(chunk.length, data.remaining());
      data.get(chunk, 0, length);
      zip.write(chunk, 0, length);
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
