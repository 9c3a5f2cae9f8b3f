package org.promptembeds.torch.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PyTorch of this machine: a libtorch download or a Python package.
 *
 * @param libraries folder of its shared libraries
 * @param version such as {@code 2.7.1}; null if nothing tells
 * @param flavor what it computes on, as its makers write it: {@code cpu}, {@code cu128}
 * @param hasBridge whether a bridge of DJL's lies beside its libraries
 */
public record TorchInstallation(
    Path libraries, @Nullable String version, String flavor, boolean hasBridge) {
  /** The flavour for GPUs whose version nothing tells. */
  static final String SOME_CUDA = "cu";

  private static final Pattern NUMBER = Pattern.compile("(\\d+\\.\\d+\\.\\d+)");
  private static final Pattern LABEL = Pattern.compile("\\d\\+(cu\\d+|cpu)\\b");
  private static final Pattern CUDA = Pattern.compile("cuda\\b[^=\\n]*=\\s*'(\\d+)\\.(\\d+)'");
  private static final String[] VERSION_FILES = {"build-version", "version.py"};

  /** The installation whose libraries, or one of them, {@code entry} is; empty if there is none. */
  static Optional<TorchInstallation> at(Path entry) {
    Path parent = entry.getParent();
    Path libraries = Files.isRegularFile(entry) && parent != null ? parent : entry;
    if (!Files.exists(libraries.resolve(System.mapLibraryName("torch")))) {
      return Optional.empty();
    }

    String text = versionText(libraries);
    return Optional.of(
        new TorchInstallation(
            libraries, number(text).orElse(null), flavor(libraries, text), hasBridge(libraries)));
  }

  private static boolean hasBridge(Path libraries) {
    String[] names = libraries.toFile().list();
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

  private static String versionText(Path libraries) {
    Path parent = libraries.toAbsolutePath().getParent();
    for (String name : VERSION_FILES) {
      Path file = parent == null ? null : parent.resolve(name);
      if (file != null && Files.isRegularFile(file)) {
        try {
          return Files.readString(file);
        } catch (IOException e) {
          return "";
        }
      }
    }

    return "";
  }

  static Optional<String> number(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String flavor(Path libraries, String text) {
    Matcher cuda = CUDA.matcher(text);
    if (cuda.find()) {
      return "cu" + cuda.group(1) + cuda.group(2);
    }

    Matcher label = LABEL.matcher(text);
    if (label.find()) {
      return label.group(1);
    }

    boolean cudaIsThere = Files.exists(libraries.resolve(System.mapLibraryName("torch_cuda")));
    return cudaIsThere ? SOME_CUDA : "cpu";
  }

  /** Whether it computes on NVIDIA's GPUs. */
  public boolean isCuda() {
    return flavor.startsWith("cu");
  }

  /** Version and flavour, for people. */
  public String label() {
    return (version == null ? "of an unknown version" : version) + "+" + flavor;
  }
}
