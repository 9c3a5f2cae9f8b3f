package org.promptembeds.torch.install;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;

/**
 * Refuses a PyTorch that DJL's native bridge was not built for, since loading the two together ends
 * the process without an exception.
 */
final class NativeCheck {
  private NativeCheck() {}

  /**
   * Checks the libraries that the environment selects.
   *
   * @throws BackendException if the bridge does not fit them
   */
  static void check(
      @Nullable String libraryPath, @Nullable String declaredVersion, @Nullable String bridge) {
    String expected = declaredVersion == null ? bridge : declaredVersion;
    if (libraryPath == null || expected == null) {
      return;
    }

    Stream.of(libraryPath.split(File.pathSeparator, -1))
        .flatMap(entry -> TorchInstallation.at(Path.of(entry)).stream())
        .findFirst()
        .ifPresent(torch -> check(torch, expected));
  }

  private static void check(TorchInstallation torch, String expected) {
    Optional<String> version = Optional.ofNullable(torch.version());
    String needed = TorchInstallation.number(expected).orElse(expected);
    if (!torch.hasBridge() && version.isPresent() && !version.get().equals(needed)) {
      throw new BackendException(
          ("%s selects PyTorch %s in %s, but the native bridge (pytorch-jni) is built for PyTorch"
                  + " %s; unset %s, point it at that version, or put a bridge built for %s beside"
                  + " its libraries")
              .formatted(
                  TorchLibraries.LIBRARY_PATH,
                  version.get(),
                  torch.libraries(),
                  expected,
                  TorchLibraries.LIBRARY_PATH,
                  version.get()));
    }
  }
}
