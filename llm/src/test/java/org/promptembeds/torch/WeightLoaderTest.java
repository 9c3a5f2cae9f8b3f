package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;

class WeightLoaderTest {
  @Test
  void everyProblemIsNamed(@TempDir Path directory) throws IOException {
    Path source = GoldenModel.of("llama").path();
    Files.copy(source.resolve("config.json"), directory.resolve("config.json"));
    try (SafetensorsFile file = SafetensorsFile.open(source.resolve("model.safetensors"));
        SafetensorsWriter writer =
            SafetensorsWriter.create(directory.resolve("model.safetensors"), Map.of())) {
      for (SafetensorsFile.Entry entry : file.entries()) {
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

    assertThatThrownBy(() -> TorchRunner.load(model, TorchOptions.builder().device("cpu").build()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("1 missing: model.layers.1.mlp.up_proj.weight")
        .hasMessageContaining("model.norm.weight is FLOAT32 [16], not [32]")
        .hasMessageContaining("1 unexpected: model.layers.0.self_attn.q_proj.bias");
  }
}
