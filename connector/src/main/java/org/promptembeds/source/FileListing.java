package org.promptembeds.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/** The files that paths, directories and glob patterns stand for. */
final class FileListing {
  /**
   * A file to read.
   *
   * @param hosts machines that have its first bytes
   */
  record ListedFile(String path, FileFormat format, FileVersion version, List<String> hosts) {
    long byteCount() {
      return version.byteCount();
    }
  }

  private final Configuration configuration;
  private final Optional<FileFormat> forced;
  private final @Nullable GlobFilter nameFilter;

  /**
   * A way of listing.
   *
   * @param forced the format of all files, none to go by their extensions
   * @param nameGlob pattern that file names must match, null for all
   */
  FileListing(Configuration configuration, Optional<FileFormat> forced, @Nullable String nameGlob)
      throws IOException {
    this.configuration = configuration;
    this.forced = forced;
    this.nameFilter = nameGlob == null ? null : new GlobFilter(nameGlob);
  }

  /**
   * Files of all paths, in order of the paths given and sorted within each, without duplicates.
   *
   * @throws FileNotFoundException if a path stands for nothing
   * @throws IllegalArgumentException if a file is named whose format is not known
   */
  List<ListedFile> list(List<String> paths) throws IOException {
    Map<String, ListedFile> files = new LinkedHashMap<>();
    for (String path : paths) {
      Path hadoopPath = new Path(path);
      FileSystem fileSystem = hadoopPath.getFileSystem(configuration);
      Path qualified = fileSystem.makeQualified(hadoopPath);
      FileStatus[] roots = fileSystem.globStatus(qualified);
      if (roots == null || roots.length == 0) {
        throw new FileNotFoundException("no file, directory or pattern match at path " + path);
      }

      boolean exact = roots.length == 1 && roots[0].getPath().equals(qualified);
      List<ListedFile> found = new ArrayList<>();
      for (FileStatus root : roots) {
        addFiles(fileSystem, root, exact, found);
      }

      found.sort(Comparator.comparing(ListedFile::path));
      found.forEach(file -> files.putIfAbsent(file.path(), file));
    }

    return List.copyOf(files.values());
  }

  private void addFiles(
      FileSystem fileSystem, FileStatus root, boolean exact, List<ListedFile> found)
      throws IOException {
    Path visible = exact ? root.getPath() : root.getPath().getParent();
    RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(root.getPath(), true);
    while (files.hasNext()) {
      LocatedFileStatus file = files.next();
      if (!isHidden(visible, file.getPath()) && matches(file.getPath().getName())) {
        Optional<FileFormat> format =
            forced.or(() -> FileFormat.ofFileName(file.getPath().getName()));
        if (format.isEmpty() && exact && root.isFile()) {
          throw new IllegalArgumentException(
              "the format of %s is not known: its extension is none of %s; set option fileFormat"
                  .formatted(file.getPath(), FileFormat.allExtensions()));
        }

        format.ifPresent(f -> found.add(listed(file, f)));
      }
    }
  }

  private boolean matches(String fileName) {
    return nameFilter == null || nameFilter.accept(new Path(fileName));
  }

  /** Whether a name below a directory is one of those that writers use for what is not data. */
  private static boolean isHidden(@Nullable Path visible, Path file) {
    for (Path path = file; path != null && !path.equals(visible); path = path.getParent()) {
      if (path.getName().startsWith("_") || path.getName().startsWith(".")) {
        return true;
      }
    }

    return false;
  }

  private static ListedFile listed(LocatedFileStatus file, FileFormat format) {
    BlockLocation[] blocks = file.getBlockLocations();
    List<String> hosts = List.of();
    if (blocks != null && blocks.length > 0) {
      try {
        hosts = Arrays.stream(blocks[0].getHosts()).filter(h -> !h.equals("localhost")).toList();
      } catch (IOException e) {
        hosts = List.of(); // a hint only
      }
    }

    return new ListedFile(file.getPath().toString(), format, FileVersion.of(file), hosts);
  }
}
