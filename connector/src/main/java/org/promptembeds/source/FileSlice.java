package org.promptembeds.source;

import java.io.Serializable;

/**
 * The rows of a file whose data begin in a byte range.
 *
 * @param path qualified path, as the column {@code path} shows it
 * @param start first byte; the slice that starts at 0 also answers for the file as a whole
 * @param end one past the last byte
 * @param version the file when the query was planned
 */
record FileSlice(String path, FileFormat format, long start, long end, FileVersion version)
    implements Serializable {
  FileSlice {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no byte range: %d to %d".formatted(start, end));
    }
  }

  /** Size of the whole file. */
  long fileBytes() {
    return version.byteCount();
  }

  long byteCount() {
    return end - start;
  }

  /** Whether rows at {@code offset} belong to this slice. */
  boolean holds(long offset) {
    return offset >= start && offset < end;
  }

  /** File name without directories and extension: the name of a tensor that has none. */
  String stem() {
    String fileName = path.substring(path.lastIndexOf('/') + 1);
    int dot = fileName.lastIndexOf('.');
    return dot > 0 ? fileName.substring(0, dot) : fileName;
  }
}
