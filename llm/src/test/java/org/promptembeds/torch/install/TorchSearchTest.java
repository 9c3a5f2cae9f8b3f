package org.promptembeds.torch.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.torch.install.TorchChoice.Passed;
import org.promptembeds.torch.install.TorchChoice.Source;

/** A machine with several PyTorchs, none of which is real. */
class TorchSearchTest {
  private static final TorchBridge BRIDGE = new TorchBridge("2.7.1", Set.of("cpu", "cu128"));

  @TempDir private Path root;

  /** A Python package of PyTorch, as pip lays it out. */
  private Path torch(String folder, String version, String cuda) throws IOException {
    Path torch = root.resolve(folder).resolve("torch");
    Path lib = Files.createDirectories(torch.resolve("lib"));
    Files.createFile(lib.resolve(System.mapLibraryName("torch")));
    Files.writeString(
        torch.resolve("version.py"),
        """
        from typing import Optional

        __version__ = '%s'
        debug = False
        cuda: Optional[str] = %s
        git_version = 'cf30153c4c131c8164ee7798e5022d810682e2cb'
        """
            .formatted(version, cuda));
    return lib;
  }

  private String python(String name, String says) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + says + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file.toString();
  }

  @Test
  void whatAPythonImportsComesFirstAndNothingTwice() throws IOException {
    Path venv = torch("venv/lib/python3.12/site-packages", "2.7.1+cu128", "'12.8'");
    Path system = torch("usr/lib/python3/dist-packages", "2.6.0", "None");
    Path local = torch("usr/lib/python3.11/site-packages", "2.13.0+cpu", "None");
    python("env/bin/python", "echo " + venv.getParent());
    python("bin/python3", "echo");
    String broken = python("broken", "exit 1");

    List<TorchInstallation> found =
        new TorchSearch(
                Map.of(
                    "PYSPARK_PYTHON",
                    broken,
                    "VIRTUAL_ENV",
                    root.resolve("env").toString(),
                    "CONDA_PREFIX",
                    "/no/such/folder",
                    "PATH",
                    "/no/such/folder:" + root.resolve("bin")),
                List.of(root.resolve("usr"), root.resolve("venv"), root.resolve("none")))
            .found();

    assertThat(found)
        .containsExactly(
            new TorchInstallation(venv, "2.7.1", "cu128", false),
            new TorchInstallation(system, "2.6.0", "cpu", false),
            new TorchInstallation(local, "2.13.0", "cpu", false));
  }

  @Test
  void theFirstThatTheBridgeFitsAndThatHasCudaIsTaken() throws IOException {
    TorchInstallation newer = installation("a", "2.8.0+cu128", "'12.8'");
    TorchInstallation forCpus = installation("b", "2.7.1+cpu", "None");
    TorchInstallation otherCuda = installation("c", "2.7.1+cu126", "'12.6'");
    TorchInstallation fitting = installation("d", "2.7.1+cu128", "'12.8'");

    TorchChoice choice = TorchChoice.among(List.of(newer, forCpus, otherCuda, fitting), BRIDGE);

    assertThat(choice.source()).isEqualTo(Source.FOUND);
    assertThat(choice.installation()).hasValue(fitting);
    assertThat(choice.passedOver())
        .containsExactly(
            new Passed(newer, "the bridge is built for PyTorch 2.7.1"),
            new Passed(forCpus, "it computes on CPUs alone"),
            new Passed(otherCuda, "there is a bridge for cpu, cu128 alone"));
  }

  @Test
  void aBridgeBesideTheLibrariesFitsThem() throws IOException {
    Path lib = torch("own", "2.11.0+cu130", "'13.0'");
    Files.createFile(lib.resolve("0.36.0-" + System.mapLibraryName("djl_torch")));
    TorchInstallation own = TorchInstallation.at(lib).orElseThrow();

    assertThat(own.flavor()).isEqualTo("cu130");
    assertThat(TorchChoice.among(List.of(own), BRIDGE).installation()).hasValue(own);
  }

  @Test
  void withoutOneThatFitsTheClassPathsIsTaken() throws IOException {
    TorchChoice choice =
        TorchChoice.among(List.of(installation("a", "2.8.0+cu129", "'12.9'")), BRIDGE);

    assertThat(choice.source()).isEqualTo(Source.CLASS_PATH);
    assertThat(choice.installation()).isEmpty();
    assertThat(choice.passedOver()).hasSize(1);
  }

  @Test
  void aDownloadOfLibtorchTellsItsVersionToo() throws IOException {
    Path lib = Files.createDirectories(root.resolve("libtorch/lib"));
    Files.createFile(lib.resolve(System.mapLibraryName("torch")));
    Files.writeString(root.resolve("libtorch/build-version"), "2.7.1+cu128\n");

    assertThat(TorchInstallation.at(lib.resolve(System.mapLibraryName("torch"))))
        .hasValue(new TorchInstallation(lib, "2.7.1", "cu128", false));
    assertThat(TorchInstallation.at(root)).isEmpty();
  }

  @Test
  void theBridgeOfTheClassPathIsForCpusAndGpus() {
    TorchBridge bridge = TorchBridge.ofClassPath();

    assertThat(bridge.version()).isEqualTo("2.7.1");
    assertThat(bridge.flavors()).containsExactlyInAnyOrder("cpu", "cu128");
    assertThat(bridge.cudaFlavor()).hasValue("cu128");
  }

  @Test
  void theDriversVersionIsRead() {
    assertThat(
            NvidiaDriver.versionIn(
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Fri Jan 24 2025\n"
                    + "GCC version: gcc version 12.2.0"))
        .hasValue("570.86.15");
    assertThat(
            NvidiaDriver.versionIn(
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build"))
        .hasValue("580.95.05");
  }

  private TorchInstallation installation(String folder, String version, String cuda)
      throws IOException {
    return TorchInstallation.at(torch(folder, version, cuda)).orElseThrow();
  }
}
