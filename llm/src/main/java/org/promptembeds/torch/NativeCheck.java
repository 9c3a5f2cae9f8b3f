package org.promptembeds.torch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;

/**
 * Refuses a PyTorch that DJL's native bridge was not built for, since loading the two together ends
 * the process without an exception.
 */
final class NativeCheck {
  private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";
  private static final String VERSION = "PYTORCH_VERSION";
  private static final Pattern NUMBER = Pattern.compile("(\\d+\\.\\d+\\.\\d+)");

  private NativeCheck() {}

  /**
   * Checks the libraries that the environment and the class path select.
   *
   * @throws BackendException if they do not fit each other
   */
  static void requireMatchingLibraries() {
    check(setting(LIBRARY_PATH), setting(VERSION), bridgeVersion());
  }

  static void check(
      @Nullable String libraryPath, @Nullable String declaredVersion, @Nullable String bridge) {
    String expected = declaredVersion == null ? bridge : declaredVersion;
    if (libraryPath == null || expected == null) {
      return;
    }

    for (String entry : libraryPath.split(File.pathSeparator, -1)) {
      Path directory = directory(Path.of(entry));
      if (Files.exists(directory.resolve(System.mapLibraryName("torch")))) {
        checkDirectory(directory, expected);
        return;
      }
    }
  }

  private static void checkDirectory(Path directory, String expected) {
    if (hasOwnBridge(directory)) {
      return;
    }

    Optional<String> version = libraryVersion(directory);
    if (version.isPresent() && !version.get().equals(number(expected).orElse(expected))) {
      throw new BackendException(
          ("%s selects PyTorch %s in %s, but the native bridge (pytorch-jni) is built for PyTorch"
                  + " %s; unset %s, point it at that version, or put a bridge built for %s beside"
                  + " its libraries")
              .formatted(
                  LIBRARY_PATH, version.get(), directory, expected, LIBRARY_PATH, version.get()));
    }
  }

  private static Path directory(Path entry) {
    Path parent = entry.getParent();
    return Files.isRegularFile(entry) && parent != null ? parent : entry;
  }

  private static boolean hasOwnBridge(Path directory) {
    String[] names = directory.toFile().list();
    String bridge = System.mapLibraryName("djl_torch");
    if (names != null) {
      for (String name : names) {
        if (name.endsWith(bridge)) {
          return true;
        }
      }
    }

    return false;
  }

  /** As a libtorch download ({@code build-version}) or a Python package (version.py) says. */
  private static Optional<String> libraryVersion(Path directory) {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent == null) {
      return Optional.empty();
    }

    for (String name : new String[] {"build-version", "version.py"}) {
      Path file = parent.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          return number(Files.readString(file));
        } catch (IOException e) {
          return Optional.empty();
        }
      }
    }

    return Optional.empty();
  }

  private static Optional<String> number(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** PyTorch version that the bridge on the class path is for; null if there is none. */
  private static @Nullable String bridgeVersion() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    ClassLoader used = loader == null ? NativeCheck.class.getClassLoader() : loader;
    try (InputStream in = used.getResourceAsStream("jnilib/pytorch.properties")) {
      if (in == null) {
        return null;
      }

      Properties properties = new Properties();
      properties.load(in);
      return number(properties.getProperty("jni_version", "")).orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable String setting(String name) {
    String value = System.getenv(name);
    String chosen = value == null || value.isEmpty() ? System.getProperty(name) : value;
    return chosen == null || chosen.isEmpty() ? null : chosen;
  }
}
