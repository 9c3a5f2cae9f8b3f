package org.promptembeds.source;

import java.io.Serializable;
import org.apache.hadoop.fs.FileStatus;

/**
 * What a file system says about the content of a file: another version differs in one of them.
 *
 * @param byteCount size of the file
 * @param modified time of the last change, in milliseconds where the file is this machine's; in
 *     others', whole seconds, as listings and answers for one file may differ in precision
 */
record FileVersion(long byteCount, long modified) implements Serializable {
  private static final long SECOND_MILLIS = 1000;

  static FileVersion of(FileStatus status) {
    long millis = status.getModificationTime();
    boolean isLocal = "file".equals(status.getPath().toUri().getScheme());
    return new FileVersion(status.getLen(), isLocal ? millis : millis / SECOND_MILLIS);
  }
}
