package org.promptembeds.executor;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.promptembeds.generation.BackendException;

/** Where the files of a model, or of an adapter, are on this machine. */
final class ModelLocation {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  private ModelLocation() {}

  /**
   * The directory that {@code location} names: a path, or a {@code file:} URI.
   *
   * @param what kind of thing is there, for messages
   * @throws BackendException if it is not there
   */
  static Path resolve(String what, String location) {
    Path directory = path(what, location);
    if (!Files.isDirectory(directory)) {
      throw new BackendException(
          ("%s directory %s does not exist on host %s; every executor needs it at this path, on a"
                  + " shared file system or copied there")
              .formatted(what, directory, hostName()));
    }

    return directory;
  }

  private static Path path(String what, String location) {
    if (!SCHEME.matcher(location).matches()) {
      return Path.of(location).toAbsolutePath();
    }

    URI uri = URI.create(location);
    if (!"file".equals(uri.getScheme())) {
      throw new BackendException(
          "%s %s: scheme '%s' is not supported; use a local path or a file: URI"
              .formatted(what, location, uri.getScheme()));
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
