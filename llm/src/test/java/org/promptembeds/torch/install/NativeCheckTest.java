package org.promptembeds.torch.install;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;

class NativeCheckTest {
  private String libraries = "";

  @BeforeEach
  void installOtherVersion(@TempDir Path torch) throws IOException {
    Path lib = Files.createDirectory(torch.resolve("lib"));
    Files.createFile(lib.resolve(System.mapLibraryName("torch")));
    Files.writeString(torch.resolve("version.py"), "__version__ = '2.13.0+cpu'\n");
    libraries = lib.toString();
  }

  @Test
  void otherVersionIsRefusedByName() {
    assertThatThrownBy(() -> NativeCheck.check(libraries, null, "2.7.1"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("PYTORCH_LIBRARY_PATH selects PyTorch 2.13.0")
        .hasMessageContaining("is built for PyTorch 2.7.1");
  }

  @Test
  void bridgeBesideTheLibrariesIsTrusted() throws IOException {
    Files.createFile(Path.of(libraries).resolve("0.36.0-" + System.mapLibraryName("djl_torch")));

    assertThatCode(() -> NativeCheck.check(libraries, null, "2.7.1")).doesNotThrowAnyException();
  }

  @Test
  void declaredVersionThatFitsIsTrusted() {
    assertThatCode(() -> NativeCheck.check(libraries, "2.13.0", "2.7.1"))
        .doesNotThrowAnyException();
  }

  @Test
  void noOverrideIsFine() {
    assertThatCode(() -> NativeCheck.check(null, null, "2.7.1")).doesNotThrowAnyException();
  }
}
