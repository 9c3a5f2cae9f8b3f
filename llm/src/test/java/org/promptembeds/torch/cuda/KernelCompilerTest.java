package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compiles kernels, which takes no GPU, with NVRTC in {@code NVRTC_PATH}. */
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

  private static KernelCompiler compiler() {
    String path = System.getenv("NVRTC_PATH");
    assumeTrue(path != null, "NVRTC_PATH names no libnvrtc");
    return KernelCompiler.load(List.of(Path.of(path)));
  }
}
