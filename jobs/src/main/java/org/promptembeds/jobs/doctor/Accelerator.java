package org.promptembeds.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.promptembeds.torch.install.NvidiaDriver;
import org.promptembeds.torch.install.TorchBridge;
import org.promptembeds.torch.install.TorchChoice;
import org.promptembeds.torch.install.TorchInstallation;

/**
 * Driver, PyTorch and bridge, and whether they fit each other.
 *
 * @param hasDriver whether there may be a driver of NVIDIA's
 * @param driver its version, if it is known
 * @param bridge the bridge of the class path
 * @param choice the PyTorch that is loaded
 */
public record Accelerator(
    boolean hasDriver, Optional<String> driver, TorchBridge bridge, TorchChoice choice) {

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(driverFinding());
    findings.add(torchFinding());
    choice
        .passedOver()
        .forEach(
            passed ->
                findings.add(
                    Finding.ok(
                        "passed over",
                        "PyTorch %s in %s: %s"
                            .formatted(
                                passed.installation().label(),
                                passed.installation().libraries(),
                                passed.reason()))));
    return findings;
  }

  private Finding driverFinding() {
    if (!hasDriver) {
      return Finding.ok("NVIDIA driver", "none: models run on the CPU");
    }

    String found = driver.orElse("of an unknown version");
    int needed = NvidiaDriver.leastFor(cudaMajor());
    boolean isOld =
        driver.isPresent() && Integer.parseInt(driver.get().replaceFirst("\\..*", "")) < needed;
    return isOld
        ? Finding.problem(
            "NVIDIA driver",
            found,
            "CUDA %d needs a driver of at least %d: update it".formatted(cudaMajor(), needed))
        : Finding.ok("NVIDIA driver", found);
  }

  private int cudaMajor() {
    String flavor =
        choice
            .installation()
            .map(TorchInstallation::flavor)
            .filter(name -> name.matches("cu\\d{3}"))
            .or(bridge::cudaFlavor)
            .orElse("cu128");
    return Integer.parseInt(flavor.substring(2, 4));
  }

  private Finding torchFinding() {
    String bridged = "the bridge is for " + bridge.version();
    if (choice.installation().isEmpty()) {
      return hasDriver
          ? Finding.problem(
              "PyTorch",
              "that of the class path, for CPUs: models do not use the GPU; " + bridged,
              installLine())
          : Finding.ok("PyTorch", "that of the class path, for CPUs; " + bridged);
    }

    TorchInstallation torch = choice.installation().get();
    String found =
        "%s in %s%s"
            .formatted(
                torch.label(),
                torch.libraries(),
                torch.hasBridge() ? ", with a bridge of its own" : "; " + bridged);
    Optional<String> refusal = bridge.refusal(torch);
    if (refusal.isPresent()) {
      return Finding.problem(
          "PyTorch", found, "unset PYTORCH_LIBRARY_PATH, or install what fits: " + installLine());
    }

    return hasDriver && !torch.isCuda()
        ? Finding.problem("PyTorch", found + ": it computes on CPUs alone", installLine())
        : Finding.ok("PyTorch", found);
  }

  /** The line that installs a PyTorch for GPUs that fits. */
  private String installLine() {
    return "python3 -m pip install torch==%s --index-url https://download.pytorch.org/whl/%s"
        .formatted(bridge.version(), bridge.cudaFlavor().orElse("cu128"));
  }
}
