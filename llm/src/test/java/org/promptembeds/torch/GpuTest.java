package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.spec.Experts;

/** The golden models on a GPU, in float32, and in half precision with either text of kernels. */
@Tag("gpu")
class GpuTest {
  private static final double FLOAT32_TOLERANCE = 1e-4;

  /** Roundings of a logit's type that the median row may be off by. */
  private static final double MEDIAN_UNITS = 15;

  static Stream<GoldenModel> models() {
    return GoldenModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void float32EqualsTheReference(GoldenModel model) {
    try (TorchRunner runner = TorchRunner.load(model.directory(), options("float32", "auto"))) {
      for (int chunk : new int[] {3, Integer.MAX_VALUE}) {
        GoldenRun run = GoldenRun.of(runner, model.prompts(), chunk, false);
        assertThat(run.tokenIds())
            .containsExactlyElementsOf(
                model.prompts().stream().map(GoldenModel.Prompt::tokenIds).toList());
        assertThat(run.difference()).isLessThan(FLOAT32_TOLERANCE);
      }
    }
  }

  /**
   * A number that is rounded otherwise may choose another expert, which moves a row's logits as far
   * as one pleases: then the median row is compared alone.
   */
  @ParameterizedTest
  @MethodSource("models")
  void halfPrecisionIsAsCloseToTheReferenceAsPyTorchsKernelsAre(GoldenModel model) {
    boolean chooses = model.directory().spec().blocks().anyMatch(Experts.class::isInstance);
    for (String dtype : List.of("bfloat16", "float16")) {
      HalfPrecision stock = HalfPrecision.measure(model, options(dtype, "stock"));
      HalfPrecision own = HalfPrecision.measure(model, options(dtype, "auto"));
      System.out.printf("%-28s %-8s PyTorch's %s, ours %s%n", model, dtype, stock, own);
      double unit = dtype.equals("bfloat16") ? Math.pow(2, -8) : Math.pow(2, -11);
      assertThat(stock.median()).as(dtype).isLessThan(MEDIAN_UNITS * unit);
      assertThat(own.median()).as(dtype).isLessThan(1.3 * stock.median() + unit / 4);
      assertThat(own.equal()).as(dtype).isGreaterThan(stock.equal() - own.tokens() / 16);
      if (!chooses) {
        assertThat(own.largest()).as(dtype).isLessThan(1.5 * stock.largest() + 2 * unit);
      }
    }
  }

  private static ModelSettings options(String dtype, String kernels) {
    return ModelSettings.builder()
        .set(DEVICE, "cuda")
        .set(DTYPE, dtype)
        .set(KERNELS, kernels)
        .set(KV_CACHE_BYTES, 64L << 20)
        .build();
  }
}
