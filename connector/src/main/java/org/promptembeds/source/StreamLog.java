package org.promptembeds.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.promptembeds.source.FileListing.ListedFile;

/**
 * The files of a stream, in a directory of its checkpoint: entry {@code n} is a file named {@code
 * n}, with a line of JSON for each file that the stream read then. An entry is there as a whole or
 * not at all, and never changes.
 */
final class StreamLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final FileSystem fileSystem;

  /** The log in {@code location}, which is made when the first entry is. */
  StreamLog(String location, Configuration configuration) throws IOException {
    this.directory = new Path(location);
    this.fileSystem = directory.getFileSystem(configuration);
  }

  /** How many entries there are; they are numbered from 0. */
  long size() throws IOException {
    if (!fileSystem.exists(directory)) {
      return 0;
    }

    long size = 0;
    for (FileStatus file : fileSystem.listStatus(directory)) {
      String name = file.getPath().getName();
      if (name.matches("\\d{1,18}")) {
        size = Math.max(size, Long.parseLong(name) + 1);
      }
    }

    return size;
  }

  /**
   * Adds an entry.
   *
   * @throws IllegalStateException if there is one of that number, as a second query may write
   */
  void add(long entry, List<ListedFile> files) throws IOException {
    Path file = new Path(directory, Long.toString(entry));
    Path unfinished = new Path(directory, ".%d.tmp".formatted(entry));
    String lines = files.stream().map(StreamLog::line).collect(Collectors.joining());
    try (OutputStream out = fileSystem.create(unfinished, true)) {
      out.write(lines.getBytes(StandardCharsets.UTF_8));
    }

    if (fileSystem.exists(file) || !fileSystem.rename(unfinished, file)) {
      throw new IllegalStateException(
          "cannot write %s: another query has this checkpoint; stop it, or choose another checkpointLocation"
              .formatted(file));
    }
  }

  private static String line(ListedFile file) {
    try {
      return JSON.writeValueAsString(
              Map.of(
                  "path", file.path(),
                  "format", file.format().name(),
                  "bytes", file.byteCount(),
                  "modified", file.version().modified()))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write %s as JSON".formatted(file), e);
    }
  }

  /**
   * The files of an entry, in their order.
   *
   * @throws IOException if it is not there, or damaged
   */
  List<ListedFile> read(long entry) throws IOException {
    Path file = new Path(directory, Long.toString(entry));
    try (InputStream in = fileSystem.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> parse(file, line))
          .toList();
    } catch (FileNotFoundException e) {
      throw new IOException(
          "%s is gone, which tells what a stream has read: bring it back, or choose another checkpointLocation"
              .formatted(file),
          e);
    }
  }

  private static ListedFile parse(Path file, String line) {
    try {
      JsonNode read = JSON.readTree(line);
      return new ListedFile(
          read.required("path").asText(),
          FileFormat.valueOf(read.required("format").asText()),
          new FileVersion(read.required("bytes").asLong(), read.required("modified").asLong()),
          List.of());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "%s is damaged, which tells what a stream has read: choose another checkpointLocation"
              .formatted(file),
          e);
    }
  }
}
