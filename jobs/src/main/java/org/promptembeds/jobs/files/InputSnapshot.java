package org.promptembeds.jobs.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/** Size and time of every input file before a job, for it to find out whether they are the same. */
public final class InputSnapshot {
  private final Configuration configuration;
  private final Map<Path, Version> versions = new LinkedHashMap<>();

  private record Version(long byteCount, long modified) {
    static Version of(FileStatus status) {
      return new Version(status.getLen(), status.getModificationTime());
    }
  }

  private InputSnapshot(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The files as they are now. */
  public static InputSnapshot of(InputFiles input, Configuration configuration) {
    InputSnapshot snapshot = new InputSnapshot(configuration);
    for (String location : input.locations()) {
      try {
        snapshot.add(new Path(location), location.startsWith("/"));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot look at %s: %s".formatted(location, e), e);
      }
    }

    return snapshot;
  }

  private void add(Path location, boolean isFile) throws IOException {
    FileSystem files = location.getFileSystem(configuration);
    if (isFile) {
      versions.put(location, Version.of(files.getFileStatus(location)));
      return;
    }

    FileStatus[] roots = files.globStatus(location);
    for (FileStatus root : roots == null ? new FileStatus[0] : roots) {
      RemoteIterator<? extends FileStatus> below = files.listFiles(root.getPath(), true);
      while (below.hasNext()) {
        FileStatus file = below.next();
        versions.put(file.getPath(), Version.of(file));
      }
    }
  }

  /**
   * Compares with the files as they are now; new ones do not matter.
   *
   * @throws IllegalStateException naming those that differ or are gone
   */
  public void requireUnchanged() {
    List<String> changes = new ArrayList<>();
    versions.forEach(
        (path, before) -> {
          String change = change(path, before);
          if (change != null) {
            changes.add(path + " " + change);
          }
        });
    if (!changes.isEmpty()) {
      throw new IllegalStateException(
          "the input changed while the job ran: %s; rows may be missing or of two versions: run it again once nothing writes to its input"
              .formatted(String.join(", ", changes)));
    }
  }

  private @Nullable String change(Path path, Version before) {
    try {
      Version now = Version.of(path.getFileSystem(configuration).getFileStatus(path));
      return now.equals(before)
          ? null
          : "(%d bytes then, %d now)".formatted(before.byteCount(), now.byteCount());
    } catch (FileNotFoundException e) {
      return "(removed)";
    } catch (IOException e) {
      return "(%s)".formatted(e.getMessage());
    }
  }
}
