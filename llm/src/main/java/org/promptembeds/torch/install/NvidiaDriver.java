package org.promptembeds.torch.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NVIDIA's driver, as the operating system shows it. */
public final class NvidiaDriver {
  private static final Path VERSION = Path.of("/proc/driver/nvidia/version");
  private static final List<String> TRACES =
      List.of("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/nvhost-ctrl", "/dev/dxg");
  private static final Pattern NUMBER = Pattern.compile("\\b(\\d{3,}\\.\\d+(\\.\\d+)?)\\b");

  private NvidiaDriver() {}

  /** Whether there is a driver, or no way to tell. */
  public static boolean mayBeThere() {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    return !linux || TRACES.stream().anyMatch(path -> Files.exists(Path.of(path)));
  }

  /** Its version, such as {@code 570.86.15}; empty if the system does not tell. */
  public static Optional<String> version() {
    try {
      return Files.exists(VERSION) ? versionIn(Files.readString(VERSION)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<String> versionIn(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The oldest major version that runs programs of CUDA {@code major}. */
  public static int leastFor(int major) {
    return major >= 13 ? 580 : major == 12 ? 525 : 450;
  }
}
