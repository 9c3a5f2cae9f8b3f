package org.promptembeds.source;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.promptembeds.tensor.ByteSource;

/**
 * An open file that must stay as it was when the query was planned: of the same size, time and
 * beginning. Who has read from it asks {@link #check} whether that held until then.
 */
final class GuardedFile implements Closeable {
  /** What is compared of the content: the header of most files, or where it begins. */
  private static final int BEGINNING_BYTES = 64 << 10;

  private final FileSlice slice;
  private final Configuration configuration;
  private final ByteSource source;
  private final long beginning;

  private GuardedFile(
      FileSlice slice, Configuration configuration, ByteSource source, long beginning) {
    this.slice = slice;
    this.configuration = configuration;
    this.source = source;
    this.beginning = beginning;
  }

  /**
   * Opens the file of a slice.
   *
   * @throws ChangedFileException if it is not the one that the slice was planned for
   */
  static GuardedFile open(FileSlice slice, Configuration configuration) throws IOException {
    try {
      ByteSource source = HadoopByteSource.open(slice.path(), slice.fileBytes(), configuration);
      try {
        requireVersion(slice, configuration);
        return new GuardedFile(slice, configuration, source, beginning(source));
      } catch (IOException | RuntimeException | Error e) {
        source.close();
        throw e;
      }
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw gone(slice, e);
    }
  }

  ByteSource source() {
    return source;
  }

  /**
   * Looks whether what was read until now is of the file that the slice was planned for.
   *
   * @throws ChangedFileException if it is not, or may not be
   */
  void check() throws IOException {
    try {
      requireVersion(slice, configuration);
      try (ByteSource again =
          HadoopByteSource.open(slice.path(), slice.fileBytes(), configuration)) {
        if (beginning(again) != beginning) {
          throw new ChangedFileException(
              slice.path(), "was replaced while it was read, by one of the same size", null);
        }
      }
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw gone(slice, e);
    }
  }

  private static void requireVersion(FileSlice slice, Configuration configuration)
      throws IOException {
    Path path = new Path(slice.path());
    FileVersion now = FileVersion.of(path.getFileSystem(configuration).getFileStatus(path));
    if (!now.equals(slice.version())) {
      throw new ChangedFileException(
          slice.path(),
          "changed while the query ran: it had %d bytes, it has %d%s"
              .formatted(
                  slice.fileBytes(),
                  now.byteCount(),
                  now.byteCount() == slice.fileBytes() ? " of another time" : ""),
          null);
    }
  }

  private static ChangedFileException gone(FileSlice slice, IOException e) {
    return new ChangedFileException(slice.path(), "was removed while the query ran", e);
  }

  private static long beginning(ByteSource source) throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(source.read(0, (int) Math.min(BEGINNING_BYTES, source.byteCount())));
    return sum.getValue();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
