package org.promptembeds.jobs.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/**
 * The files that {@code --input} names, in the order they are read.
 *
 * @param format the one format of all of them; null if only a file system that is not this
 *     machine's can tell
 * @param locations absolute paths, or URIs of other file systems as they were given
 */
public record InputFiles(@Nullable InputFormat format, List<String> locations) {
  private static final Pattern REMOTE = Pattern.compile("(?!file:)[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  private static final Pattern GLOB = Pattern.compile(".*[*?\\[{].*");

  /**
   * Finds the files: an input is a file, a folder (all of its files, by name), a glob, or a URI of
   * another file system, which is left to Spark.
   *
   * @throws IllegalArgumentException if nothing is found, or files of several formats
   */
  public static InputFiles find(List<String> inputs) {
    List<String> locations = new ArrayList<>();
    for (String input : inputs) {
      locations.addAll(REMOTE.matcher(input).matches() ? List.of(input) : local(input));
    }

    return new InputFiles(oneFormat(locations).orElse(null), List.copyOf(locations));
  }

  private static Optional<InputFormat> oneFormat(List<String> locations) {
    Set<InputFormat> formats =
        locations.stream()
            .flatMap(location -> InputFormat.ofName(location).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    if (formats.size() > 1) {
      throw new IllegalArgumentException(
          "files of several formats (%s): pass them to separate runs"
              .formatted(
                  formats.stream()
                      .map(InputFormat::sparkName)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }

    return formats.stream().findFirst();
  }

  /** The format, asking the file systems of those locations whose names do not tell. */
  InputFormat format(Configuration configuration) {
    locations.forEach(location -> requireFileSystem(location, configuration));
    if (format != null) {
      return format;
    }

    List<String> names = new ArrayList<>();
    for (String location : locations) {
      try {
        names.addAll(remoteFiles(new org.apache.hadoop.fs.Path(location), configuration));
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "cannot read %s: %s".formatted(location, e.getMessage()), e);
      }
    }

    return oneFormat(names)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s holds no files ending in %s"
                        .formatted(String.join(", ", locations), InputFormat.known())));
  }

  private static void requireFileSystem(String location, Configuration configuration) {
    if (REMOTE.matcher(location).matches()) {
      try {
        FileSystem unused = new org.apache.hadoop.fs.Path(location).getFileSystem(configuration);
      } catch (IOException | RuntimeException e) {
        throw new UsageException(
            "--input %s: %s; the URI is wrong, or Spark's class path lacks its file system"
                .formatted(location, e.getMessage()));
      }
    }
  }

  private static List<String> remoteFiles(
      org.apache.hadoop.fs.Path location, Configuration configuration) throws IOException {
    FileSystem files = location.getFileSystem(configuration);
    FileStatus[] roots = files.globStatus(location);
    if (roots == null || roots.length == 0) {
      throw new IOException("nothing is there");
    }

    List<String> names = new ArrayList<>();
    for (FileStatus root : roots) {
      URI folder = (root.isFile() ? root.getPath().getParent() : root.getPath()).toUri();
      RemoteIterator<LocatedFileStatus> below = files.listFiles(root.getPath(), true);
      while (below.hasNext()) {
        URI file = folder.relativize(below.next().getPath().toUri());
        if (isData(Path.of(file.getPath()))) {
          names.add(file.getPath());
        }
      }
    }

    return names;
  }

  private static List<String> local(String input) {
    Path path = Path.of(input.replaceFirst("^file:(//)?", "")).toAbsolutePath().normalize();
    try {
      List<Path> files = new ArrayList<>();
      for (Path match : matches(path)) {
        files.addAll(Files.isDirectory(match) ? dataFiles(match) : List.of(match));
      }

      for (Path file : files) {
        if (InputFormat.ofName(file.toString()).isEmpty()) {
          throw new IllegalArgumentException(
              "%s is of no known format: its name must end in %s"
                  .formatted(file, InputFormat.known()));
        }
      }

      if (files.isEmpty()) {
        throw new IllegalArgumentException(
            "%s holds no files ending in %s".formatted(input, InputFormat.known()));
      }

      return files.stream().map(Path::toString).toList();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read %s: %s".formatted(input, e.getMessage()), e);
    }
  }

  private static List<Path> matches(Path path) throws IOException {
    if (Files.exists(path)) {
      return List.of(path);
    }

    Path name = path.getFileName();
    Path folder = path.getParent();
    if (name == null || folder == null || !GLOB.matcher(name.toString()).matches()) {
      throw new IllegalArgumentException("%s does not exist".formatted(path));
    }

    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "folder %s does not exist (a glob may stand in the last part only)".formatted(folder));
    }

    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, name.toString())) {
      stream.forEach(found::add);
    }

    if (found.isEmpty()) {
      throw new IllegalArgumentException("nothing matches %s".formatted(path));
    }

    return found.stream().sorted().toList();
  }

  /** Files below {@code folder} with a known name; those of Spark's bookkeeping have none. */
  private static List<Path> dataFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> isData(folder.relativize(file)))
          .filter(InputFiles::isRegular)
          .sorted()
          .toList();
    }
  }

  /**
   * Whether {@code file} is one that can be read.
   *
   * @throws IllegalArgumentException if it is a link to nothing
   */
  private static boolean isRegular(Path file) {
    if (Files.isSymbolicLink(file) && !Files.exists(file)) {
      throw new IllegalArgumentException(
          "%s is a link to a file that does not exist: remove it, or bring the file back"
              .formatted(file));
    }

    return Files.isRegularFile(file);
  }

  private static boolean isData(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
        return false;
      }
    }

    return InputFormat.ofName(relative.toString()).isPresent();
  }
}
