package org.promptembeds.torch.install;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The PyTorch that a process loads, and what was looked at for it.
 *
 * @param source why this one
 * @param installation it; empty stands for the PyTorch on the class path
 * @param passedOver others of this machine
 */
public record TorchChoice(
    Source source, Optional<TorchInstallation> installation, List<Passed> passedOver) {

  public TorchChoice {
    passedOver = List.copyOf(passedOver);
  }

  /** Why a PyTorch is loaded. */
  public enum Source {
    /** {@code PYTORCH_LIBRARY_PATH} names it. */
    ENVIRONMENT,
    /** It was found, and fits the GPU and the bridge. */
    FOUND,
    /** It comes with the class path. */
    CLASS_PATH
  }

  /**
   * An installation that is not loaded.
   *
   * @param reason why not
   */
  public record Passed(TorchInstallation installation, String reason) {}

  /** The choice where the environment names {@code libraries}. */
  static TorchChoice named(TorchInstallation installation) {
    return new TorchChoice(Source.ENVIRONMENT, Optional.of(installation), List.of());
  }

  /** The first of {@code found} that computes on GPUs and that the bridge fits, or none. */
  static TorchChoice among(List<TorchInstallation> found, TorchBridge bridge) {
    Optional<TorchInstallation> chosen =
        found.stream().filter(torch -> refusal(torch, bridge).isEmpty()).findFirst();
    List<Passed> passed =
        found.stream()
            .flatMap(
                torch -> refusal(torch, bridge).map(reason -> new Passed(torch, reason)).stream())
            .toList();
    return new TorchChoice(chosen.isPresent() ? Source.FOUND : Source.CLASS_PATH, chosen, passed);
  }

  private static Optional<String> refusal(TorchInstallation torch, TorchBridge bridge) {
    return Stream.concat(
            torch.isCuda() ? Stream.empty() : Stream.of("it computes on CPUs alone"),
            bridge.refusal(torch).stream())
        .reduce((a, b) -> a + ", and " + b);
  }
}
