package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden models on a GPU, in float32 and through flash attention in half precision. */
@Tag("gpu")
class GpuTest {
  private static final double FLOAT32_TOLERANCE = 1e-4;
  private static final double BFLOAT16_TOLERANCE = 0.06;
  private static final double FLOAT16_TOLERANCE = 0.012;

  static Stream<GoldenModel> models() {
    return GoldenModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void float32EqualsTheReference(GoldenModel model) {
    try (TorchRunner runner = load(model, "float32")) {
      for (int chunk : new int[] {3, Integer.MAX_VALUE}) {
        GoldenRun run = GoldenRun.of(runner, model.prompts(), chunk, false);
        assertThat(run.tokenIds())
            .containsExactlyElementsOf(
                model.prompts().stream().map(GoldenModel.Prompt::tokenIds).toList());
        assertThat(run.difference()).isLessThan(FLOAT32_TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void halfPrecisionStaysCloseToTheReference(GoldenModel model) {
    double bfloat16 = forced(model, "bfloat16");
    double float16 = forced(model, "float16");
    System.out.printf(
        "%-24s largest relative difference: bfloat16 %.4f float16 %.5f%n",
        model, bfloat16, float16);
    assertThat(bfloat16).isLessThan(BFLOAT16_TOLERANCE);
    assertThat(float16).isLessThan(FLOAT16_TOLERANCE);
  }

  private static double forced(GoldenModel model, String dtype) {
    double worst = 0;
    try (TorchRunner runner = load(model, dtype)) {
      for (int chunk : new int[] {1, 3, Integer.MAX_VALUE}) {
        worst = Math.max(worst, GoldenRun.of(runner, model.prompts(), chunk, true).difference());
      }

      for (GoldenModel.Prompt prompt : model.prompts()) {
        GoldenRun run = GoldenRun.of(runner, List.of(prompt), Integer.MAX_VALUE, true);
        worst = Math.max(worst, run.difference());
      }
    }

    return worst;
  }

  private static TorchRunner load(GoldenModel model, String dtype) {
    return TorchRunner.load(
        model.directory(),
        TorchOptions.builder().device("cuda").dtype(dtype).kvCacheBytes(64 << 20).build());
  }
}
