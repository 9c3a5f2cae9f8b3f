package org.promptembeds.torch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps DJL from warning that it cannot count GPUs on a machine that has no NVIDIA driver.
 *
 * <p>DJL loads the CUDA runtime when its {@code CudaUtils} is initialised, unless a property tells
 * it to ask another process. With the property set for that moment only, it finds no runtime and
 * counts no GPUs, silently.
 */
final class CudaProbe {
  private static final String FORK = "ai.djl.util.cuda.fork";
  private static final List<String> DRIVERS =
      List.of("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/nvhost-ctrl", "/dev/dxg");

  private CudaProbe() {}

  /** Whether there is a driver of NVIDIA's, or no way to tell. */
  static boolean mayHaveGpu() {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    return !linux || DRIVERS.stream().anyMatch(path -> Files.exists(Path.of(path)));
  }

  /** Initialises DJL's view of CUDA; does nothing where there may be a GPU. */
  static synchronized void quietWithoutDriver() {
    if (mayHaveGpu() || System.getProperty(FORK) != null) {
      return;
    }

    System.setProperty(FORK, "true");
    try {
      Class.forName("ai.djl.util.cuda.CudaUtils");
    } catch (ClassNotFoundException e) {
      // Another DJL version: it will say for itself what it finds.
    } finally {
      System.clearProperty(FORK);
    }
  }
}
