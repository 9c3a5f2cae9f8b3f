package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Quantised checkpoints: as floating-point numbers they are what transformers computes with the
 * numbers that the layout's definition gives; in the format that this device multiplies with, what
 * comes near to it.
 */
class QuantizedGoldenTest {
  private static final double TOLERANCE = 1e-4;

  /** Inputs and weights of bytes, or of half bytes and bfloat16, in a model of two tiny layers. */
  private static final double COARSE_TOLERANCE = 0.1;

  static Stream<GoldenModel> models() {
    return GoldenModel.quantized();
  }

  @ParameterizedTest
  @MethodSource("models")
  void numbersAreThoseOfTheLayout(GoldenModel model) {
    try (TorchRunner runner = load(model, "none")) {
      GoldenRun run = GoldenRun.of(runner, model.prompts(), Integer.MAX_VALUE, false);

      assertThat(run.tokenIds())
          .containsExactlyElementsOf(
              model.prompts().stream().map(GoldenModel.Prompt::tokenIds).toList());
      assertThat(run.difference()).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsAreNearWhereWeightsStayAsTheyAre(GoldenModel model) {
    try (TorchRunner runner = load(model, "auto")) {
      GoldenRun run = GoldenRun.of(runner, model.prompts(), Integer.MAX_VALUE, true);

      System.out.printf("%-20s %.1e %s%n", model, run.difference(), runner.description());
      assertThat(run.difference()).isLessThan(COARSE_TOLERANCE);
    }
  }

  private static TorchRunner load(GoldenModel model, String quantization) {
    return TorchRunner.load(
        model.directory(),
        ModelSettings.builder()
            .set(DEVICE, "cpu")
            .set(DTYPE, "float32")
            .set(CPU_THREADS, 1)
            .set(QUANTIZATION, quantization)
            .build());
  }
}
