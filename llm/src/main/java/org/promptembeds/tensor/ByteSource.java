package org.promptembeds.tensor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Random access to the bytes of a file, wherever it lies.
 *
 * <p>The buffers are little-endian, the caller's own, and stay valid after the source is closed.
 */
public interface ByteSource extends Closeable {
  /** A file of this machine. Safe for use by many threads. */
  static ByteSource ofFile(Path path) throws IOException {
    return new FileByteSource(path);
  }

  /** What messages call it, for instance its path. */
  String name();

  /** Size of the file. */
  long byteCount();

  /**
   * Copies bytes to the heap.
   *
   * @throws java.io.EOFException if the file ends before them
   */
  ByteBuffer read(long offset, int length) throws IOException;

  /**
   * Fills what remains of {@code target} with bytes, without a copy on the way where the source can
   * do so.
   *
   * @throws java.io.EOFException if the file ends before them
   */
  default void read(long offset, ByteBuffer target) throws IOException {
    target.put(read(offset, target.remaining()));
  }

  /**
   * A read-only view of bytes, without a copy where the source can do so.
   *
   * @throws java.io.EOFException if the file ends before them
   */
  ByteBuffer map(long offset, int length) throws IOException;
}
