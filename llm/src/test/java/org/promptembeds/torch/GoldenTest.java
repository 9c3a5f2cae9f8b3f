package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Conformance with Hugging Face transformers: greedy tokens are equal and logits within a relative
 * tolerance, whatever the batch and however the prompt is cut.
 */
class GoldenTest {
  private static final double TOLERANCE = 1e-4;
  private static final ModelSettings OPTIONS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();

  static Stream<GoldenModel> models() {
    return GoldenModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void greedyOutputEqualsTheReference(GoldenModel model) {
    double worst = 0;
    try (TorchRunner runner = TorchRunner.load(model.directory(), OPTIONS)) {
      for (int chunk : new int[] {1, 3, Integer.MAX_VALUE}) {
        worst = Math.max(worst, compare(runner, model.prompts(), chunk));
      }

      for (GoldenModel.Prompt prompt : model.prompts()) {
        worst = Math.max(worst, compare(runner, List.of(prompt), Integer.MAX_VALUE));
      }
    }

    System.out.printf("%-24s largest relative difference of logits %.1e%n", model, worst);
    assertThat(worst).as("relative difference of logits").isLessThan(TOLERANCE);
  }

  private static double compare(TorchRunner runner, List<GoldenModel.Prompt> prompts, int chunk) {
    GoldenRun run = GoldenRun.of(runner, prompts, chunk, false);
    assertThat(run.tokenIds())
        .as("tokens of %d prompts in chunks of at most %d", prompts.size(), chunk)
        .containsExactlyElementsOf(prompts.stream().map(GoldenModel.Prompt::tokenIds).toList());
    return run.difference();
  }
}
