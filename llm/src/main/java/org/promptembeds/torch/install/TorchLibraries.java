package org.promptembeds.torch.install;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the PyTorch of this process before DJL loads it, and tells DJL by the system properties
 * that stand for its environment variables.
 */
public final class TorchLibraries {
  static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";
  static final String VERSION = "PYTORCH_VERSION";
  private static final String FLAVOR = "PYTORCH_FLAVOR";
  private static final System.Logger LOGGER = System.getLogger(TorchLibraries.class.getName());

  private static @Nullable TorchChoice chosen; // guarded by the class

  private TorchLibraries() {}

  /**
   * Chooses once for the process, and checks that what is chosen fits.
   *
   * @throws org.promptembeds.generation.BackendException if the environment names a PyTorch that
   *     would end the process
   */
  public static synchronized TorchChoice prepare() {
    if (chosen == null) {
      TorchBridge bridge = TorchBridge.ofClassPath();
      NativeCheck.check(setting(LIBRARY_PATH), setting(VERSION), bridge.version());
      TorchChoice choice = choose(bridge);
      choice.installation().ifPresent(torch -> announce(choice.source(), torch));
      chosen = choice;
    }

    return chosen;
  }

  private static TorchChoice choose(TorchBridge bridge) {
    String path = setting(LIBRARY_PATH);
    boolean isNeeded = path == null && NvidiaDriver.mayBeThere() && !classPathHasCuda();
    return Stream.of(path == null ? new String[0] : path.split(File.pathSeparator, -1))
        .flatMap(entry -> TorchInstallation.at(Path.of(entry)).stream())
        .findFirst()
        .map(TorchChoice::named)
        .orElseGet(
            () -> TorchChoice.among(isNeeded ? TorchSearch.here().found() : List.of(), bridge));
  }

  /** Sets what DJL reads and nobody has set. */
  private static void announce(TorchChoice.Source source, TorchInstallation torch) {
    set(LIBRARY_PATH, torch.libraries().toString());
    set(VERSION, torch.version());
    set(FLAVOR, torch.flavor().equals(TorchInstallation.SOME_CUDA) ? null : torch.flavor());
    if (source == TorchChoice.Source.FOUND) {
      LOGGER.log(Level.INFO, "PyTorch {0} in {1}", torch.label(), torch.libraries());
    }
  }

  private static void set(String name, @Nullable String value) {
    if (value != null && setting(name) == null) {
      System.setProperty(name, value);
    }
  }

  private static @Nullable String setting(String name) {
    String value = System.getenv(name);
    String told = value == null || value.isEmpty() ? System.getProperty(name) : value;
    return told == null || told.isEmpty() ? null : told;
  }

  /** Whether a PyTorch for GPUs is among the jars. */
  private static boolean classPathHasCuda() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? TorchLibraries.class.getClassLoader() : context;
    try {
      for (URL file : Collections.list(loader.getResources("native/lib/pytorch.properties"))) {
        Properties properties = new Properties();
        try (InputStream in = file.openStream()) {
          properties.load(in);
        }

        if (properties.getProperty("flavor", "").startsWith("cu")) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }

    return false;
  }
}
