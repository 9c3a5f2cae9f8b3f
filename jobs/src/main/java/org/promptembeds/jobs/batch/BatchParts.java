package org.promptembeds.jobs.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of a run's finished parts, each with the answers to a range of lines: what a run that
 * goes on finds there, it does not do again.
 *
 * @param folder path or URI
 * @param separate whether errors have files of their own
 */
record BatchParts(String folder, boolean separate) implements Serializable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** What a line's answer may be. */
  enum Kind {
    RESULTS,
    ERRORS
  }

  /** The file of a finished part. */
  Path file(int part, Kind kind) {
    return new Path(folder, "part-%05d.%s".formatted(part, kind.name().toLowerCase(Locale.ROOT)));
  }

  /** Whether a part is finished: its results come into place last. */
  boolean isFinished(FileSystem files, int part) throws IOException {
    return files.exists(file(part, Kind.RESULTS));
  }

  /**
   * Puts the files of one kind together, in the order of the parts.
   *
   * @return lines written; none are if there are none, unless {@code target} is of results
   */
  long gather(FileSystem files, int parts, Kind kind, Path target) throws IOException {
    Path unfinished = new Path(target.getParent(), "_" + target.getName() + ".tmp");
    long lines = 0;
    try (OutputStream out = files.create(unfinished, true)) {
      for (int part = 0; part < parts; part++) {
        Path file = file(part, kind);
        if (files.exists(file)) {
          lines += copy(files, file, out);
        }
      }
    }

    if (lines == 0 && kind == Kind.ERRORS) {
      files.delete(unfinished, false);
    } else {
      files.delete(target, false);
      if (!files.rename(unfinished, target)) {
        throw new IOException("cannot rename %s to %s".formatted(unfinished, target));
      }
    }

    return lines;
  }

  private static long copy(FileSystem files, Path file, OutputStream out) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = files.open(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }

    return lines;
  }
}
