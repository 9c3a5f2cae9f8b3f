package org.promptembeds.jobs.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What decides the content of an output folder, kept in it so that a run that goes on with other
 * settings is refused instead of mixing two results.
 *
 * @param values settings by name
 */
public record RunSettings(Map<String, String> values) {
  /** Name of the file; Spark's readers pass over names that begin with an underscore. */
  static final String FILE = "_prompt_embeds_run.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  public RunSettings {
    values = Map.copyOf(values);
  }

  /**
   * Compares with what {@code folder} keeps, or keeps these there if it has none.
   *
   * @throws IllegalArgumentException if they differ, with all that do
   * @throws IOException if the file cannot be read or written
   */
  public void agree(FileSystem files, Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    if (!files.exists(file)) {
      write(files, file);
      return;
    }

    Map<String, String> kept = read(files, file);
    TreeSet<String> names = new TreeSet<>(kept.keySet());
    names.addAll(values.keySet());
    List<String> differences =
        names.stream()
            .filter(name -> !Objects.equals(kept.get(name), values.get(name)))
            .map(name -> "%s was %s, is %s".formatted(name, kept.get(name), values.get(name)))
            .toList();
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "--resume: %s was begun with other options: %s (choose another --output, or delete %s to mix them)"
              .formatted(folder, String.join("; ", differences), file));
    }
  }

  private static Map<String, String> read(FileSystem files, Path file) throws IOException {
    Map<String, String> kept = new TreeMap<>();
    try (InputStream in = files.open(file)) {
      JsonNode tree = JSON.readTree(in.readAllBytes());
      tree.fieldNames().forEachRemaining(name -> kept.put(name, tree.path(name).asText()));
      return kept;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is damaged: delete it to go on without comparing options".formatted(file), e);
    }
  }

  private void write(FileSystem files, Path file) throws IOException {
    Path temporary = file.suffix(".tmp");
    byte[] text = JSON.writeValueAsString(new TreeMap<>(values)).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = files.create(temporary, true)) {
      out.write(text);
    }

    if (!files.rename(temporary, file)) {
      throw new IOException("cannot rename %s to %s".formatted(temporary, file));
    }
  }
}
