package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.generation.setting.AdapterSettings.MERGE_LORA;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.adapter.AdaptableMatrix;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

/**
 * Adapters of all layers of many kinds of blocks: what a row's adapter makes is what the model
 * makes with the adapter in its weights.
 */
class LoraFamiliesTest {
  private static final ModelSettings SETTINGS =
      ModelSettings.builder().set(DEVICE, "cpu").set(DTYPE, "float32").set(CPU_THREADS, 1).build();

  private static final List<String> MODELS =
      List.of(
          "diffllama",
          "falcon-h1",
          "jamba",
          "lfm2",
          "mamba2",
          "minimax",
          "mistral4",
          "olmo2",
          "qwen2-moe",
          "qwen3-next",
          "gemma4-text-per-layer");

  @TempDir Path folder;

  static Stream<String> models() {
    return System.getProperty("golden") == null
        ? MODELS.stream()
        : GoldenModel.all().map(GoldenModel::toString);
  }

  @ParameterizedTest
  @MethodSource("models")
  void rowsAreWhatMergedWeightsMake(String name) throws IOException {
    GoldenModel model = GoldenModel.of(name);
    write(AdaptableLayers.of(model.directory()));
    GoldenModel.Prompt prompt = model.prompts().get(Math.min(2, model.prompts().size() - 1));
    float[] merged;
    try (TorchRunner runner =
        TorchRunner.load(model.directory(), SETTINGS.with(MERGE_LORA, folder.toString()))) {
      merged = logits(runner, prompt, false);
    }

    try (TorchRunner runner = TorchRunner.load(model.directory(), SETTINGS)) {
      double scale = 0;
      for (float logit : merged) {
        scale = Math.max(scale, Math.abs(logit));
      }

      assertThat(difference(logits(runner, prompt, true), merged) / scale).isLessThan(1e-4);
      assertThat(difference(logits(runner, prompt, false), merged) / scale).isGreaterThan(1e-2);
    }
  }

  private static double difference(float[] actual, float[] expected) {
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }

    return difference;
  }

  private float[] logits(TorchRunner runner, GoldenModel.Prompt prompt, boolean adapted) {
    int length = (int) prompt.embeds().size(0);
    HandDriven sequence =
        HandDriven.laidOut(List.of(prompt.embeds()), List.of(prompt.extras()), 1).get(0);
    return runner
        .logits(
            new StepPlan(
                List.of(),
                List.of(
                    sequence
                        .next(length, TokenSampling.GREEDY)
                        .withAdapter(adapted ? runner.adapter(folder.toString()) : null))))[0];
  }

  /** Writes an adapter of all matrices, each as the module that its first name says. */
  private void write(List<AdaptableMatrix> matrices) throws IOException {
    Random random = new Random(7);
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(folder.resolve("adapter_model.safetensors"), Map.of())) {
      for (AdaptableMatrix matrix : matrices) {
        AdaptableMatrix.Part part = matrix.parts().get(0);
        String module = "base_model.model." + part.module();
        writer.add(module + ".lora_A.weight", normal(random, 3, matrix.columns()));
        writer.add(module + ".lora_B.weight", normal(random, part.outputs(), 3));
      }

      writer.commit();
    }

    Files.writeString(
        folder.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 3, \"lora_alpha\": 2}");
  }

  private static Tensor normal(Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 0.3);
    }

    return Tensor.ofFloats(values, rows, columns);
  }
}
