package org.promptembeds.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.ByteSource;

/**
 * A source whose views are read into the heap, small ones in one larger piece, so that reading on
 * is cheap. Confined to one thread.
 */
final class WindowedSource implements ByteSource {
  private final String name;
  private final ByteSource source;
  private final int windowBytes;
  private @Nullable ByteBuffer window;
  private long windowStart;

  WindowedSource(String name, ByteSource source, int windowBytes) {
    this.name = name;
    this.source = source;
    this.windowBytes = windowBytes;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long byteCount() {
    return source.byteCount();
  }

  @Override
  public ByteBuffer read(long offset, int length) throws IOException {
    return source.read(offset, length);
  }

  @Override
  public ByteBuffer map(long offset, int length) throws IOException {
    if (length >= windowBytes || offset + length > byteCount()) {
      return source.read(offset, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    ByteBuffer current = window;
    if (current == null
        || offset < windowStart
        || offset + length > windowStart + current.capacity()) {
      current = source.read(offset, (int) Math.min(windowBytes, byteCount() - offset));
      current = current.asReadOnlyBuffer();
      window = current;
      windowStart = offset;
    }

    return current.slice((int) (offset - windowStart), length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    window = null;
    source.close();
  }
}
