package org.promptembeds.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.promptembeds.jobs.doctor.Finding.State;
import org.promptembeds.torch.install.TorchBridge;
import org.promptembeds.torch.install.TorchChoice;
import org.promptembeds.torch.install.TorchChoice.Source;
import org.promptembeds.torch.install.TorchInstallation;

/** What is made of machines that are not this one. */
class DiagnosisTest {
  private static final TorchBridge BRIDGE = new TorchBridge("2.7.1", Set.of("cpu", "cu128"));
  private static final String LINE =
      "python3 -m pip install torch==2.7.1 --index-url https://download.pytorch.org/whl/cu128";

  private static TorchInstallation torch(String version, String flavor) {
    return new TorchInstallation(Path.of("/venv/torch/lib"), version, flavor, false);
  }

  private static TorchChoice choice(Source source, TorchInstallation... torch) {
    return new TorchChoice(source, List.of(torch).stream().findFirst(), List.of());
  }

  private static Finding find(List<Finding> findings, String subject) {
    return findings.stream().filter(f -> f.subject().equals(subject)).findFirst().orElseThrow();
  }

  private static Finding torchFinding(boolean driver, TorchChoice choice) {
    Accelerator machine = new Accelerator(driver, Optional.of("570.86.15"), BRIDGE, choice);
    return find(machine.findings(), "PyTorch");
  }

  @Test
  void aGpuWithoutAPyTorchThatFitsIsAProblemWithALineToType() {
    Finding finding = torchFinding(true, choice(Source.CLASS_PATH));

    assertThat(finding.state()).isEqualTo(State.PROBLEM);
    assertThat(finding.found()).contains("models do not use the GPU");
    assertThat(finding.remedy()).isEqualTo(LINE);
    assertThat(torchFinding(false, choice(Source.CLASS_PATH)).state()).isEqualTo(State.OK);
  }

  @Test
  void aPyTorchThatTheBridgeDoesNotFitIsAProblemAndOneThatItFitsIsNot() {
    assertThat(torchFinding(true, choice(Source.ENVIRONMENT, torch("2.8.0", "cu128"))).remedy())
        .isEqualTo("unset PYTORCH_LIBRARY_PATH, or install what fits: " + LINE);
    assertThat(torchFinding(true, choice(Source.ENVIRONMENT, torch("2.7.1", "cpu"))).state())
        .isEqualTo(State.PROBLEM);
    assertThat(torchFinding(true, choice(Source.FOUND, torch("2.7.1", "cu128"))))
        .isEqualTo(
            Finding.ok("PyTorch", "2.7.1+cu128 in /venv/torch/lib; the bridge is for 2.7.1"));
  }

  @Test
  void aDriverThatIsTooOldForTheCudaOfPyTorchIsToldOf() {
    TorchChoice cuda13 =
        choice(
            Source.ENVIRONMENT,
            new TorchInstallation(Path.of("/torch/lib"), "2.11.0", "cu130", true));
    Finding old =
        find(
            new Accelerator(true, Optional.of("570.86.15"), BRIDGE, cuda13).findings(),
            "NVIDIA driver");
    Finding fine =
        find(
            new Accelerator(true, Optional.of("580.95.05"), BRIDGE, cuda13).findings(),
            "NVIDIA driver");

    assertThat(old.remedy()).isEqualTo("CUDA 13 needs a driver of at least 580: update it");
    assertThat(fine).isEqualTo(Finding.ok("NVIDIA driver", "580.95.05"));
  }

  @Test
  void machinesThatCannotRunModelsAreToldWhatToDo() {
    long gibi = 1L << 30;
    Host bad =
        new Host("Mac OS X", "aarch64", 11, 8, Set.of(), 8 * gibi, 6 * gibi, Path.of("/c"), 0);
    Host good =
        new Host(
            "Linux", "amd64", 21, 8, Set.of("avx2"), 8 * gibi, 2 * gibi, Path.of("/c"), 9 * gibi);

    assertThat(bad.findings())
        .extracting(Finding::state)
        .containsExactly(State.PROBLEM, State.PROBLEM, State.NOTE, State.NOTE, State.PROBLEM);
    assertThat(good.findings()).extracting(Finding::state).containsOnly(State.OK);
    assertThat(find(good.findings(), "memory").found()).isEqualTo("8.0 GiB, heap up to 2.0 GiB");
    assertThat(Examination.spark("4.2.0").state()).isEqualTo(State.OK);
    assertThat(Examination.spark("5.0.0").state()).isEqualTo(State.NOTE);
  }

  @Test
  void textAndJsonSayTheSame() throws IOException {
    Diagnosis diagnosis =
        new Diagnosis(
            List.of(Finding.ok("Java", "17"), Finding.problem("cache", "full", "make room")));

    assertThat(diagnosis.text())
        .isEqualTo(
            """
            ok       Java   17
            PROBLEM  cache  full
                            make room

            something does not fit: see above
            """);
    JsonNode json = new ObjectMapper().readTree(diagnosis.json());
    assertThat(json.path("healthy").asBoolean(true)).isFalse();
    assertThat(json.path("findings").path(1).path("state").asText()).isEqualTo("problem");
    assertThat(json.path("findings").path(1).path("remedy").asText()).isEqualTo("make room");
    assertThat(json.path("findings").path(0).path("remedy").isNull()).isTrue();
    assertThatThrownBy(() -> new Finding("x", State.PROBLEM, "y", null))
        .hasMessage("the problem of x has no remedy");
  }
}
