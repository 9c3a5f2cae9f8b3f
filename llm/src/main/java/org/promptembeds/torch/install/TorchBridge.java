package org.promptembeds.torch.install;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * DJL's bridge to PyTorch on the class path, which fits the PyTorch that it was built for.
 *
 * @param version of PyTorch; null if there is no bridge
 * @param flavors what that PyTorch may compute on, such as {@code cpu} and {@code cu128}
 */
public record TorchBridge(@Nullable String version, Set<String> flavors) {
  private static final String PLATFORM = "jnilib/linux-x86_64/";

  /** CUDA versions that the bridge has been published for. */
  private static final String[] FLAVORS = {"cpu", "cu118", "cu121", "cu124", "cu126", "cu128"};

  public TorchBridge {
    flavors = Set.copyOf(flavors);
  }

  /** That of this process. */
  public static TorchBridge ofClassPath() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? TorchBridge.class.getClassLoader() : context;
    Set<String> flavors = new TreeSet<>();
    for (String flavor : FLAVORS) {
      if (loader.getResource(PLATFORM + flavor + "/libdjl_torch.so") != null) {
        flavors.add(flavor);
      }
    }

    return new TorchBridge(version(loader), flavors);
  }

  private static @Nullable String version(ClassLoader loader) {
    try (InputStream in = loader.getResourceAsStream("jnilib/pytorch.properties")) {
      if (in == null) {
        return null;
      }

      Properties properties = new Properties();
      properties.load(in);
      return TorchInstallation.number(properties.getProperty("jni_version", "")).orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  /** Why an installation cannot be loaded with this bridge; empty if it can. */
  public Optional<String> refusal(TorchInstallation installation) {
    if (installation.hasBridge()) {
      return Optional.empty();
    }

    if (version == null || !version.equals(installation.version())) {
      return Optional.of("the bridge is built for PyTorch " + version);
    }

    return flavors.contains(installation.flavor())
        ? Optional.empty()
        : Optional.of("there is a bridge for %s alone".formatted(String.join(", ", sorted())));
  }

  private Set<String> sorted() {
    return new TreeSet<>(flavors);
  }

  /** The flavour for GPUs that it is built for, the newest one; empty if there is none. */
  public Optional<String> cudaFlavor() {
    return sorted().stream().filter(flavor -> flavor.startsWith("cu")).reduce((a, b) -> b);
  }
}
