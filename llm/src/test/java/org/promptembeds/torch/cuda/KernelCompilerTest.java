package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compiles kernels, which takes no GPU; without NVRTC in {@code NVRTC_PATH} only the cache is
 * tested.
 */
class KernelCompilerTest {
  @ParameterizedTest
  @CsvSource({
    "true, 64, 1, false, 80",
    "false, 80, 1, false, 80",
    "true, 96, 16, false, 86",
    "true, 128, 4, true, 90",
    "false, 192, 8, false, 90",
    "true, 256, 16, false, 90"
  })
  void compilesEveryKindOfHead(
      boolean bfloat16, int headDim, int group, boolean kvFloat8, int capability) {
    KernelVariant variant = new KernelVariant(bfloat16, headDim, group, kvFloat8);
    byte[] code = compiler().compile(KernelSource.text(), variant.compilerOptions(capability));
    assertThat(code).startsWith(0x7f, 'E', 'L', 'F');
  }

  @Test
  void saysWhatTheCompilerRefuses() {
    KernelCompiler compiler = compiler();
    assertThatThrownBy(() -> compiler.compile("int broken(", List.of()))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("NVRTC")
        .hasMessageContaining("kernels.cu(1): error");
  }

  @Test
  void compilesOnceOnly(@TempDir Path folder) throws IOException {
    KernelCompiler compiler = compiler();
    KernelCache cache = new KernelCache(folder.resolve("kernels"));
    String source = "extern \"C\" __global__ void nothing() {}";
    List<String> options = List.of("--gpu-architecture=sm_80");
    byte[] code = cache.code(compiler, source, options);
    try (Stream<Path> files = Files.list(folder.resolve("kernels"))) {
      List<Path> kept = files.toList();
      assertThat(kept).hasSize(1);
      Files.write(kept.get(0), new byte[] {1, 2, 3});
    }

    assertThat(code).hasSizeGreaterThan(100);
    assertThat(cache.code(compiler, source, options)).containsExactly(1, 2, 3);
    assertThat(cache.code(compiler, source, List.of("--gpu-architecture=sm_90")))
        .hasSizeGreaterThan(100);
  }

  private static KernelCompiler compiler() {
    String path = System.getenv("NVRTC_PATH");
    assumeTrue(path != null, "NVRTC_PATH names no libnvrtc");
    return KernelCompiler.load(List.of(Path.of(path)));
  }
}
