package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
  private static final List<String> OPTIONS = List.of("--gpu-architecture=sm_90", "-DGROUP=4");

  private final Path folder;
  private int compilations;

  KernelCacheTest(@TempDir Path folder) {
    this.folder = folder.resolve("kernels");
  }

  private byte[] code(Path where, String version, String source, List<String> options) {
    return new KernelCache(where).code(version, source, options, this::compile);
  }

  private byte[] compile() {
    return new byte[] {(byte) ++compilations};
  }

  @Test
  void codeOutlivesTheCacheThatWroteIt() throws IOException {
    assertThat(code(folder, "13.0", "source", OPTIONS)).containsExactly(1);
    assertThat(code(folder, "13.0", "source", OPTIONS)).containsExactly(1);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).singleElement().asString().endsWith(".cubin");
    }
  }

  @Test
  void whateverDiffersIsCompiled() {
    code(folder, "13.0", "source", OPTIONS);

    assertThat(code(folder, "13.1", "source", OPTIONS)).containsExactly(2);
    assertThat(code(folder, "13.0", "source2", OPTIONS)).containsExactly(3);
    assertThat(code(folder, "13.0", "source", OPTIONS.subList(0, 1))).containsExactly(4);
    assertThat(code(folder, "13.0", "source", OPTIONS)).containsExactly(1);
  }

  @Test
  void whatIsCompiledAgainStays() {
    code(folder, "13.0", "source", OPTIONS);
    new KernelCache(folder).compiled("13.0", "source", OPTIONS, this::compile);

    assertThat(code(folder, "13.0", "source", OPTIONS)).containsExactly(2);
  }

  @Test
  void aFolderThatCannotBeWrittenOnlyCostsTime() throws IOException {
    Files.writeString(folder, "a file in the folder's place");

    assertThat(code(folder, "13.0", "source", OPTIONS)).containsExactly(1);
    assertThat(code(folder, "13.0", "source", OPTIONS)).containsExactly(2);
    assertThat(new KernelCache(null).code("13.0", "source", OPTIONS, this::compile))
        .containsExactly(3);
  }

  @Test
  void whatTheCompilerRefusesIsNotKept() {
    KernelCache cache = new KernelCache(folder);

    assertThatThrownBy(
            () ->
                cache.code(
                    "13.0",
                    "broken",
                    OPTIONS,
                    () -> {
                      throw new CudaException("kernels.cu(1): error");
                    }))
        .hasMessage("kernels.cu(1): error");
    assertThat(code(folder, "13.0", "broken", OPTIONS)).containsExactly(1);
  }
}
