package org.promptembeds.source;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.promptembeds.tensor.ByteSource;

/** A file of a Hadoop file system, read by positioned reads. */
final class HadoopByteSource implements ByteSource {
  /** Small reads share pieces of this size; whoever keeps a small tensor keeps its piece. */
  private static final int WINDOW_BYTES = 1 << 20;

  private final String name;
  private final FSDataInputStream stream;
  private final long byteCount;

  private HadoopByteSource(String name, FSDataInputStream stream, long byteCount) {
    this.name = name;
    this.stream = stream;
    this.byteCount = byteCount;
  }

  /**
   * Opens a file for a single thread. Nothing of it is mapped: to touch mapped bytes of a file that
   * has become shorter is an error of the JVM, which ends an executor.
   *
   * @param byteCount size of the file, as its listing said
   */
  static ByteSource open(String path, long byteCount, Configuration configuration)
      throws IOException {
    Path hadoopPath = new Path(path);
    FileSystem fileSystem = hadoopPath.getFileSystem(configuration);
    if (fileSystem instanceof LocalFileSystem local) {
      ByteSource file = ByteSource.ofFile(local.pathToFile(hadoopPath).toPath());
      return new WindowedSource(path, file, WINDOW_BYTES);
    }

    FSDataInputStream stream = fileSystem.open(hadoopPath);
    return new WindowedSource(path, new HadoopByteSource(path, stream, byteCount), WINDOW_BYTES);
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
    if (offset + length > byteCount) {
      throw new EOFException(
          "%s has %d bytes, %d were asked for".formatted(name, byteCount, offset + length));
    }

    byte[] bytes = new byte[length];
    stream.readFully(offset, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer map(long offset, int length) throws IOException {
    return read(offset, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
