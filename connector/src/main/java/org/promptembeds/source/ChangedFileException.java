package org.promptembeds.source;

import org.jspecify.annotations.Nullable;

/** A file is not the one any more that the query was planned for: its rows may be of two files. */
final class ChangedFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChangedFileException(String path, String change, @Nullable Throwable cause) {
    super(
        "%s %s: run the query again once nothing writes to its input".formatted(path, change),
        cause);
  }
}
