package org.promptembeds.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.promptembeds.options.SourceOptions;
import org.promptembeds.source.FileListing.ListedFile;

/**
 * The options of a table and the files they mean; lives on the driver.
 *
 * @param configuration of the file systems, with what the options add
 */
record SourceFiles(SourceOptions options, Configuration configuration) {
  /** Options of a table, with the file systems of the active session. */
  static SourceFiles of(Map<String, String> given) {
    Configuration configuration =
        new Configuration(SparkSession.active().sparkContext().hadoopConfiguration());
    given.forEach(
        (key, value) -> {
          if (SourceOptions.isOfFileSystem(key)) {
            configuration.set(key.replaceFirst("(?i)^hadoop\\.", ""), value);
          }
        });
    return new SourceFiles(new SourceOptions(given), configuration);
  }

  /** Files to read, at least one. */
  List<ListedFile> list() throws IOException {
    List<ListedFile> files = listAny();
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "no file to read at %s: files with extension %s are read, hidden ones are not (a stream that begins without files needs a schema, such as %s)"
              .formatted(
                  String.join(", ", paths()),
                  FileFormat.allExtensions(),
                  TensorSchema.COLUMNS.toDDL()));
    }

    return files;
  }

  /** Files to read, perhaps none yet. */
  List<ListedFile> listAny() throws IOException {
    List<String> paths = paths();
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("a path is needed: load(path) or option path");
    }

    FileListing listing =
        new FileListing(
            configuration,
            FileFormat.ofOption(options.value(SourceOptions.FILE_FORMAT)),
            options.find(SourceOptions.PATH_GLOB_FILTER).orElse(null));
    return listing.list(paths);
  }

  private List<String> paths() {
    List<String> paths = new ArrayList<>();
    options.find(SourceOptions.PATH).ifPresent(paths::add);
    options.find(SourceOptions.PATHS).ifPresent(json -> paths.addAll(parsePaths(json)));
    return paths;
  }

  private static List<String> parsePaths(String json) {
    try {
      return List.of(new ObjectMapper().readValue(json, String[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "option paths must be a JSON array of strings, got " + json, e);
    }
  }

  ParseMode mode() {
    return ParseMode.ofOption(options.value(SourceOptions.MODE));
  }
}
