package org.promptembeds.torch;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.torch.install.NvidiaDriver;

/**
 * A device and its memory.
 *
 * @param device as PyTorch names it
 * @param bytes memory of the machine, or what a GPU has free
 */
public record DeviceMemory(String device, long bytes) {
  private static final String CPU = "cpu";

  /**
   * The device that a model would run on. PyTorch is loaded only where there may be a GPU.
   *
   * @param wanted as for {@link ModelSettings}
   * @throws BackendException if that device is not there
   */
  public static DeviceMemory of(String wanted) {
    if (wanted.equals(CPU) || (wanted.equals("auto") && !NvidiaDriver.mayBeThere())) {
      return cpu();
    }

    return loaded(wanted);
  }

  /**
   * The device that models would run on if nothing says otherwise, as PyTorch sees it, which is
   * loaded.
   */
  public static DeviceMemory loaded() {
    return loaded("auto");
  }

  private static DeviceMemory loaded(String wanted) {
    try (DeviceProbe probe = DeviceProbe.open()) {
      String device = DeviceChoice.device(probe, wanted);
      return device.equals(CPU) ? cpu() : new DeviceMemory(device, KvSize.freeBytes(probe, device));
    }
  }

  private static DeviceMemory cpu() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new DeviceMemory(CPU, system.getTotalMemorySize());
  }

  boolean isCpu() {
    return device.equals(CPU);
  }
}
