package org.promptembeds.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.promptembeds.generation.BackendException;
import org.promptembeds.torch.DeviceMemory;
import org.promptembeds.torch.KernelReport;
import org.promptembeds.torch.install.NvidiaDriver;
import org.promptembeds.torch.install.TorchBridge;
import org.promptembeds.torch.install.TorchChoice;
import org.promptembeds.torch.install.TorchLibraries;

/** Looks at this machine and loads its PyTorch. */
public final class Examination {
  private static final double GIBI = 1L << 30;

  private Examination() {}

  /**
   * What is found.
   *
   * @param spark version of Spark, and of its Scala
   */
  public static Diagnosis run(String spark) {
    List<Finding> findings = new ArrayList<>(Host.here().findings());
    findings.add(spark(spark));
    try {
      TorchChoice choice = TorchLibraries.prepare();
      Accelerator accelerator =
          new Accelerator(
              NvidiaDriver.mayBeThere(), NvidiaDriver.version(), TorchBridge.ofClassPath(), choice);
      findings.addAll(accelerator.findings());
      findings.addAll(load());
    } catch (BackendException e) {
      findings.add(
          Finding.problem("PyTorch", String.valueOf(e.getMessage()), "unset PYTORCH_LIBRARY_PATH"));
    }

    return new Diagnosis(findings);
  }

  static Finding spark(String version) {
    return version.matches("(3\\.5|4\\.[0-2])\\..*")
        ? Finding.ok("Spark", version)
        : Finding.note("Spark", version, "3.5 and 4.0 to 4.2 were tested: docs/compatibility.md");
  }

  /** Loads PyTorch, which tells what it computes on. */
  private static List<Finding> load() {
    try {
      DeviceMemory device = DeviceMemory.loaded();
      return List.of(
          Finding.ok(
              "device",
              String.format(Locale.ROOT, "%s, %.1f GiB", device.device(), device.bytes() / GIBI)),
          Finding.ok("kernels", KernelReport.of(device.device())));
    } catch (BackendException | LinkageError | IllegalStateException e) {
      return List.of(
          Finding.problem(
              "device",
              "PyTorch does not load: " + e.getMessage(),
              "what it lacks is named there; docs/gpu.md tells what is needed"));
    }
  }
}
