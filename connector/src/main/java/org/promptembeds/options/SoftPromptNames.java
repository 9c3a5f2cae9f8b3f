package org.promptembeds.options;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The soft prompts that a session knows by name; names are case-insensitive as Spark's keys are.
 *
 * @param paths directory, a path or URI, of each name
 */
public record SoftPromptNames(Map<String, String> paths) implements Serializable {
  public SoftPromptNames {
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(paths);
    paths = Collections.unmodifiableMap(copy);
  }

  /**
   * The directory of a soft prompt.
   *
   * @param nameOrPath a name, or the path or URI itself
   * @throws IllegalArgumentException if it is a name that is not configured, and no folder here
   */
  public String locate(String nameOrPath) {
    String path = paths.get(nameOrPath);
    if (path != null) {
      return path;
    }

    if (!isPath(nameOrPath)) {
      throw new IllegalArgumentException(
          "soft prompt '%s' is neither a folder nor a configured name: set %s%s to its directory, or give a path; configured: %s"
              .formatted(
                  nameOrPath,
                  SparkOptions.SOFT_PROMPTS_PREFIX,
                  nameOrPath.isBlank() ? "<name>" : nameOrPath,
                  paths.isEmpty() ? "none" : String.join(", ", paths.keySet())));
    }

    return nameOrPath;
  }

  private static boolean isPath(String text) {
    return text.indexOf('/') >= 0
        || text.indexOf(':') >= 0
        || (!text.isBlank() && text.indexOf('\0') < 0 && Files.isDirectory(Path.of(text)));
  }
}
