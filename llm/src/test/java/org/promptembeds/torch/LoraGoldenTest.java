package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.AdapterSettings.MERGE_LORA;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.setting.ModelSettings;

/**
 * Conformance with adapters merged into Hugging Face's models as PEFT's format defines it: greedy
 * tokens are equal and logits within a relative tolerance, whatever else is in the batch.
 */
class LoraGoldenTest {
  private static final double TOLERANCE = 1e-4;
  private static final ModelSettings SETTINGS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();

  static Stream<String> models() {
    return LoraFixture.models();
  }

  /** Rows of three adapters and of none, alone and together, their prompts whole and in pieces. */
  @ParameterizedTest
  @MethodSource("models")
  void rowsOfSeveralAdaptersAndOfNoneShareSteps(String name) {
    List<LoraFixture> fixtures = LoraFixture.of(name);
    try (TorchRunner runner = TorchRunner.load(GoldenModel.of(name).directory(), SETTINGS)) {
      List<GoldenModel.Prompt> mixed = new ArrayList<>();
      List<@Nullable Adapter> adapters = new ArrayList<>();
      int prompts = fixtures.get(0).prompts().size();
      for (int n = 0; n < 2 * prompts; n++) { // so many rows that adapters are multiplied apart
        int i = n % prompts;
        mixed.add(shortened(fixtures.get(0).model().prompts().get(i)));
        adapters.add(null);
        for (LoraFixture fixture : fixtures) {
          mixed.add(fixture.prompts().get(i));
          adapters.add(runner.adapter(fixture.path().toString()));
        }
      }

      for (int chunk : new int[] {1, 3, Integer.MAX_VALUE}) {
        check(GoldenRun.of(runner, mixed, adapters, chunk, false), mixed);
      }

      for (LoraFixture fixture : fixtures) {
        List<GoldenModel.Prompt> own = fixture.prompts();
        Adapter adapter = runner.adapter(fixture.path().toString());
        check(GoldenRun.of(runner, own, Collections.nCopies(own.size(), adapter), 99, false), own);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void anAdapterCanBeAddedToTheWeights(String name) {
    LoraFixture fixture = LoraFixture.of(name, "all");
    ModelSettings settings = SETTINGS.with(MERGE_LORA, fixture.path().toString());
    try (TorchRunner runner = TorchRunner.load(fixture.model().directory(), settings)) {
      check(GoldenRun.of(runner, fixture.prompts(), 99, false), fixture.prompts());
    }
  }

  /** A prompt whose reference has as many tokens as those with adapters. */
  private static GoldenModel.Prompt shortened(GoldenModel.Prompt prompt) {
    return new GoldenModel.Prompt(
        prompt.embeds(), Arrays.copyOf(prompt.tokenIds(), 6), prompt.logits(), prompt.extras());
  }

  private static void check(GoldenRun run, List<GoldenModel.Prompt> prompts) {
    assertThat(run.tokenIds())
        .containsExactlyElementsOf(prompts.stream().map(GoldenModel.Prompt::tokenIds).toList());
    assertThat(run.difference()).as("relative difference of logits").isLessThan(TOLERANCE);
  }
}
