package org.promptembeds.torch;

import org.promptembeds.torch.install.NvidiaDriver;

/**
 * Keeps DJL from warning that it cannot count GPUs on a machine that has no NVIDIA driver.
 *
 * <p>DJL loads the CUDA runtime when its {@code CudaUtils} is initialised, unless a property tells
 * it to ask another process. With the property set for that moment only, it finds no runtime and
 * counts no GPUs, silently.
 */
final class CudaProbe {
  private static final String FORK = "ai.djl.util.cuda.fork";

  private CudaProbe() {}

  /** Initialises DJL's view of CUDA; does nothing where there may be a GPU. */
  static synchronized void quietWithoutDriver() {
    if (NvidiaDriver.mayBeThere() || System.getProperty(FORK) != null) {
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
