package org.promptembeds.executor;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.promptembeds.generation.BackendException;

/** Where a model's files are on this machine. */
final class ModelLocation {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  private ModelLocation() {}

  /**
   * The directory that {@code model} names: a path, or a {@code file:} URI.
   *
   * @throws BackendException if it is not there
   */
  static Path resolve(String model) {
    Path directory = path(model);
    if (!Files.isDirectory(directory)) {
      throw new BackendException(
          ("model directory %s does not exist on host %s; every executor needs it at this path, on a"
                  + " shared file system or copied there")
              .formatted(directory, hostName()));
    }

    return directory;
  }

  private static Path path(String model) {
    if (!SCHEME.matcher(model).matches()) {
      return Path.of(model).toAbsolutePath();
    }

    URI uri = URI.create(model);
    if (!"file".equals(uri.getScheme())) {
      throw new BackendException(
          "model %s: scheme '%s' is not supported; use a local path or a file: URI"
              .formatted(model, uri.getScheme()));
    }

    return Path.of(uri.getPath());
  }

  private static String hostName() {
    try {
      return java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "unknown";
    }
  }
}
