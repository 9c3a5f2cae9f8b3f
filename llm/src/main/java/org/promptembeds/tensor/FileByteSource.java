package org.promptembeds.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of this machine; mapped bytes are unmapped when they are garbage collected. */
final class FileByteSource implements ByteSource {
  /** Most bytes asked for at once: the JVM keeps a buffer of that size outside of the heap. */
  private static final int PIECE_BYTES = 1 << 20;

  private final String name;
  private final FileChannel channel;
  private final long byteCount;

  FileByteSource(Path path) throws IOException {
    name = path.toString();
    channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      byteCount = channel.size();
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long byteCount() {
    return byteCount;
  }

  @Override
  public ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.position() < length) {
      buffer.limit(Math.min(length, buffer.position() + PIECE_BYTES));
      offset += readSome(offset, buffer);
    }

    return buffer.flip();
  }

  /** Into direct memory, the system copies the bytes to where they are wanted. */
  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    if (!target.isDirect()) {
      ByteSource.super.read(offset, target);
      return;
    }

    while (target.hasRemaining()) {
      offset += readSome(offset, target);
    }
  }

  private int readSome(long offset, ByteBuffer target) throws IOException {
    int count = channel.read(target, offset);
    if (count < 0) {
      throw new EOFException("%s became shorter while it was read".formatted(name));
    }

    return count;
  }

  @Override
  public ByteBuffer map(long offset, int length) throws IOException {
    if (offset + length > channel.size()) {
      throw new EOFException("%s became shorter while it was read".formatted(name));
    }

    return channel
        .map(FileChannel.MapMode.READ_ONLY, offset, length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
