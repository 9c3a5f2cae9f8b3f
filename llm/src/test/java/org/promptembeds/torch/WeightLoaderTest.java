package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.WeightSettings.ALLOW_NON_FINITE_WEIGHTS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepResult;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;

class WeightLoaderTest {
  private static final TokenSampling DRAWN =
      new TokenSampling(0.8, 20, 0.9, 0.01, 0.4, new int[0], 3);

  private final ModelSettings.Builder options =
      ModelSettings.builder().set(DEVICE, "cpu").set(KV_CACHE_BYTES, 1L << 20);

  @Test
  void everyProblemIsNamed(@TempDir Path directory) throws IOException {
    Path source = GoldenModel.of("llama").path();
    Files.copy(source.resolve("config.json"), directory.resolve("config.json"));
    try (SafetensorsFile file = SafetensorsFile.open(source.resolve("model.safetensors"));
        SafetensorsWriter writer =
            SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of())) {
      for (TensorFile.Entry entry : file.entries()) {
        if (entry.name().equals("model.layers.1.mlp.up_proj.weight")) {
          continue;
        }

        boolean reshaped = entry.name().equals("model.norm.weight");
        writer.add(entry.name(), reshaped ? Tensor.ofFloats(new float[16], 16) : file.read(entry));
      }

      writer.add("model.layers.0.self_attn.q_proj.bias", Tensor.ofFloats(new float[32], 32));
      writer.add("model.layers.0.self_attn.rotary_emb.inv_freq", Tensor.ofFloats(new float[4], 4));
      writer.commit();
    }

    ModelDirectory model = ModelDirectory.open(directory);

    assertThatThrownBy(
            () -> TorchRunner.load(model, ModelSettings.builder().set(DEVICE, "cpu").build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("1 missing: model.layers.1.mlp.up_proj.weight")
        .hasMessageContaining("model.norm.weight is FLOAT32 [16], not [32]")
        .hasMessageContaining("1 unexpected: model.layers.0.self_attn.q_proj.bias");
  }

  private static SequenceChunk with(SequenceChunk chunk, TokenSampling sampling) {
    return new SequenceChunk(
        chunk.embeds(),
        chunk.inputTokenIds(),
        chunk.start(),
        chunk.length(),
        chunk.region(),
        sampling);
  }

  /** The golden model with one element of one tensor replaced. */
  private static ModelDirectory withElement(Path directory, String name, int index, float value)
      throws IOException {
    Path source = GoldenModel.of("llama").path();
    Files.copy(source.resolve("config.json"), directory.resolve("config.json"));
    try (SafetensorsFile file = SafetensorsFile.open(source.resolve("model.safetensors"));
        SafetensorsWriter writer =
            SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of())) {
      for (TensorFile.Entry entry : file.entries()) {
        Tensor tensor = file.read(entry);
        if (entry.name().equals(name)) {
          float[] values = tensor.toFloats();
          values[index] = value;
          tensor = Tensor.ofFloats(values, tensor.shape());
        }

        writer.add(entry.name(), tensor);
      }

      writer.commit();
    }

    return ModelDirectory.open(directory);
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedByName(@TempDir Path directory) throws IOException {
    String name = "model.layers.1.self_attn.k_proj.weight";
    ModelDirectory model = withElement(directory, name, 5, Float.NaN);

    assertThatThrownBy(() -> TorchRunner.load(model, options.build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(name + " holds numbers that are NaN or infinite in FLOAT32")
        .hasMessageEndingWith("or set spark.promptembeds.allowNonFiniteWeights to true");
  }

  @Test
  void weightsThatOverflowInTheTypeOfTheModelAreRefused(@TempDir Path directory)
      throws IOException {
    ModelDirectory model = withElement(directory, "model.norm.weight", 3, 1e6f);

    TorchRunner.load(model, options.set(DTYPE, "float32").build()).close();
    assertThatThrownBy(() -> TorchRunner.load(model, options.set(DTYPE, "float16").build()))
        .hasMessageContaining(
            "model.norm.weight holds numbers that are NaN or infinite in FLOAT16");
  }

  @Test
  void rowsFailWhereWeightsThatAreNotFiniteAreAllowed(@TempDir Path directory) throws IOException {
    GoldenModel golden = GoldenModel.of("llama");
    ModelDirectory model = withElement(directory, "model.embed_tokens.weight", 3, Float.NaN);
    Tensor embeds = golden.prompts().get(1).embeds();
    int length = (int) embeds.size(0);
    SequenceChunk good =
        new SequenceChunk(embeds, new int[0], 0, length, new KvRegion(0, 64), TokenSampling.GREEDY);
    SequenceChunk bad =
        new SequenceChunk(
            embeds, new int[] {0}, 0, length + 1, new KvRegion(64, 64), TokenSampling.GREEDY);
    try (TorchRunner runner =
        TorchRunner.load(model, options.set(ALLOW_NON_FINITE_WEIGHTS, true).build())) {
      assertThat(runner.step(HandDriven.plan(bad, good)).tokenIds())
          .containsExactly(StepResult.NOT_FINITE, golden.prompts().get(1).tokenIds()[0]);
      int[] drawnAlone = runner.step(HandDriven.plan(with(good, DRAWN))).tokenIds();
      assertThat(runner.step(HandDriven.plan(with(bad, DRAWN), with(good, DRAWN))).tokenIds())
          .containsExactly(StepResult.NOT_FINITE, drawnAlone[0]);
    }
  }
}
