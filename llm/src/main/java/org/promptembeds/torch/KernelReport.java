package org.promptembeds.torch;

import java.util.List;
import org.promptembeds.torch.cuda.KernelChoice;
import org.promptembeds.torch.cuda.KernelVariant;

/** Tells whose kernels models run on a device, without a model. */
public final class KernelReport {
  /** Heads as most models have them. */
  private static final int HEAD_DIM = 128;

  private KernelReport() {}

  /**
   * What runs on {@code device}, for people.
   *
   * @param device as PyTorch names it
   */
  public static String of(String device) {
    if (!device.startsWith("cuda:")) {
      return "PyTorch's, on the " + device;
    }

    int ordinal = Integer.parseInt(device.substring("cuda:".length()));
    KernelVariant usual = new KernelVariant(true, HEAD_DIM, 1, false);
    return KernelChoice.load(ordinal, List.of(usual)) instanceof KernelChoice.Stock stock
        ? "PyTorch's: " + stock.reason()
        : "our own, compiled for " + device;
  }
}
