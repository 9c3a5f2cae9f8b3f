package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes in memory, read without a copy. */
final class BufferByteSource implements ByteSource {
  private final String name;
  private final ByteBuffer bytes;

  BufferByteSource(String name, ByteBuffer bytes) {
    this.name = name;
    this.bytes = bytes.slice();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long byteCount() {
    return bytes.limit();
  }

  @Override
  public ByteBuffer read(long offset, int length) {
    return bytes.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer map(long offset, int length) {
    return read(offset, length);
  }

  @Override
  public void close() {
    // nothing is open
  }
}
